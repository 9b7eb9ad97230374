package io.bitrouter.wire.control;

import java.util.List;
import java.util.Optional;

/**
 * Answer of {@code GET ns/audit}.
 *
 * @param data rows, newest first
 * @param nextCursor for the next page; absent on the last
 */
@ControlBody
public record AuditPage(List<AuditRow> data, Optional<String> nextCursor) {}
