package io.bitrouter.wire.control;

/**
 * Whom a policy is bound to: body of {@code POST ns/policies/{id}/bind} and the member {@code bind}
 * of bodies that create a policy.
 *
 * @param principalType {@code namespace} or {@code api_key}
 * @param principalId {@code key_…}; of a namespace its id or {@code me}
 */
@ControlBody
public record PrincipalRef(String principalType, String principalId) {}
