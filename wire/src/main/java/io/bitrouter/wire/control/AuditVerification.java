package io.bitrouter.wire.control;

import java.util.Optional;

/**
 * Answer of {@code GET ns/audit/verify}.
 *
 * @param ok whether every row is as it was written and the head is that of the last row
 * @param rows how many rows there are
 * @param brokenAt number of the first row that is not as it was written; absent when all are
 * @param reason what is wrong; absent when nothing is
 */
@ControlBody
public record AuditVerification(
    boolean ok, long rows, Optional<Long> brokenAt, Optional<String> reason, AuditHead head) {}
