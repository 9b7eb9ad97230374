package io.bitrouter.wire.control;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Token counts of one request in buckets that never overlap, except that {@code reasoning} is the
 * part of {@code output} that was reasoning.
 */
@ControlBody
public record RequestTokens(
    long uncachedInput,
    long cacheRead,
    @JsonProperty("cache_write_5m") long cacheWrite5m,
    @JsonProperty("cache_write_1h") long cacheWrite1h,
    long output,
    long reasoning) {}
