package io.bitrouter.wire.control;

/**
 * Answer of {@code POST ns/policies/{id}/disable} and {@code …/enable}.
 *
 * @param disabled the state after the call
 */
@ControlBody
public record PolicyDisabled(boolean disabled) {}
