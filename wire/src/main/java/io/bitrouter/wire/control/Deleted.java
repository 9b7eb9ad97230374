package io.bitrouter.wire.control;

/**
 * Answer to deleting a policy, budget or preset.
 *
 * @param deleted always true; its bindings are gone with it
 */
@ControlBody
public record Deleted(boolean deleted) {}
