package io.bitrouter.core.policy;

/**
 * A clause together with where it comes from; it is metered on the principal it is bound to.
 *
 * @param <T> kind of clause
 */
public record Metered<T>(T clause, Source source) {}
