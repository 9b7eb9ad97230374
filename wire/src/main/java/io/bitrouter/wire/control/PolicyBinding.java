package io.bitrouter.wire.control;

import java.time.Instant;

/**
 * One binding of a policy.
 *
 * @param id {@code pb_…}
 */
@ControlBody
public record PolicyBinding(
    String id, String policyId, String principalType, String principalId, Instant createdAt) {}
