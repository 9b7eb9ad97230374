package io.bitrouter.wire.control;

/**
 * Answer of {@code POST ns/policies/{id}/bind}.
 *
 * @param bindingId {@code pb_…}; binding the same again answers the same id
 */
@ControlBody
public record PolicyBound(String bindingId) {}
