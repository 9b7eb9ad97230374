package io.bitrouter.wire.embed;

import java.util.List;
import java.util.OptionalLong;

/**
 * Texts that are to become vectors, one each.
 *
 * @param texts at least one
 * @param dimensions numbers of each vector, when the client says so
 * @param warnings what upstreams of another protocol are not told
 */
public record Texts(List<String> texts, OptionalLong dimensions, List<String> warnings) {}
