package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;

/**
 * Answer of {@code GET /v1/node/usage?group_by=namespace}: totals of every namespace over {@code
 * [from, to)}.
 *
 * @param from effective start, inclusive
 * @param to effective end, exclusive
 * @param groups one line per namespace, deleted ones too
 */
@ControlBody
public record NodeUsageReport(Instant from, Instant to, List<NamespaceUsage> groups) {
  /** Checks that the required members are there. */
  public NodeUsageReport {
    Required.member("from", from);
    Required.member("to", to);
    groups = Required.list("groups", groups);
  }
}
