package io.bitrouter.wire.control;

/**
 * Answer of {@code DELETE ns/policies/{id}/bind/{binding_id}}.
 *
 * @param unbound always true
 */
@ControlBody
public record PolicyUnbound(boolean unbound) {}
