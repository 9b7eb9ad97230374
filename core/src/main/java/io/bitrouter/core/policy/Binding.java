package io.bitrouter.core.policy;

/**
 * A policy bound to a principal.
 *
 * @param id identity for life
 * @param policy what is bound
 * @param principal to whom
 * @param createdAtMicros microseconds since the epoch
 */
public record Binding(BindingId id, PolicyId policy, Principal principal, long createdAtMicros) {}
