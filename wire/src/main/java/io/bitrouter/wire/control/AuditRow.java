package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.Optional;

/**
 * One row of a namespace's audit log.
 *
 * @param seq its number, from 1
 * @param action what was done, such as {@code key.mint}
 * @param before the thing before; absent when there was none
 * @param after the thing after; absent when there is none
 * @param ip address of the client, empty for the node itself
 * @param requestId {@code req_…} of the request that did it
 * @param prevHash hash of the row before, in hex
 * @param hash hash of this row, in hex
 */
@ControlBody
public record AuditRow(
    long seq,
    Instant at,
    Party actor,
    String action,
    Party target,
    Optional<RawJson> before,
    Optional<RawJson> after,
    String ip,
    String requestId,
    String prevHash,
    String hash) {

  /** Who did something, or what it was done to. */
  @ControlBody
  public record Party(String kind, String id) {}
}
