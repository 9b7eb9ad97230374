package io.bitrouter.wire.control;

import java.util.List;

/** Answer of {@code GET ns/policies/{id}/bindings}. */
@ControlBody
public record PolicyBindingList(List<PolicyBinding> data) {}
