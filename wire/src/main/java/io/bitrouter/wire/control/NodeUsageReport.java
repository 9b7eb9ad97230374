package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;

/**
 * Answer of {@code GET /v1/node/usage?group_by=namespace}: totals of every namespace over {@code
 * [from, to)}.
 */
@ControlBody
public record NodeUsageReport(Instant from, Instant to, List<NamespaceUsage> groups) {}
