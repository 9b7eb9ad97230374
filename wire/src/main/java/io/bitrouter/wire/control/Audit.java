package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The audit log of a namespace. */
public interface Audit {
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
  record AuditRow(
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
    public record Party(String kind, String id) {}
  }

  /** Rows, newest first; the last page has no cursor. */
  record AuditPage(List<AuditRow> data, Optional<String> nextCursor) {}

  /**
   * The signed head of an audit log. Whoever keeps a copy elsewhere can later tell that rows were
   * cut off together with the head, which the log alone cannot show.
   *
   * @param seq number of the last row, 0 for an empty log
   * @param hash hash of the last row, in hex
   * @param sig Ed25519 signature in base64 over namespace id, 0, seq in decimal, 0, hash bytes
   * @param key public key of that signature in base64
   */
  record AuditHead(long seq, String hash, String sig, String key) {}

  /**
   * Answer of {@code GET ns/audit/verify}.
   *
   * @param ok whether every row is as it was written and the head is that of the last row
   * @param rows how many rows there are
   * @param brokenAt number of the first row that is not as it was written; absent when all are
   * @param reason what is wrong; absent when nothing is
   */
  record AuditVerification(
      boolean ok, long rows, Optional<Long> brokenAt, Optional<String> reason, AuditHead head) {}
}
