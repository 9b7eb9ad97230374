package io.bitrouter.wire.control;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Token counts of one request in buckets that never overlap, except that {@code reasoning} is the
 * part of {@code output} that was reasoning.
 *
 * @param uncachedInput input tokens charged in full
 * @param cacheRead input tokens read from a cache
 * @param cacheWrite5m input tokens written to a cache for five minutes
 * @param cacheWrite1h input tokens written to a cache for one hour
 * @param output output tokens, reasoning included
 * @param reasoning output tokens that were reasoning
 */
@ControlBody
public record RequestTokens(
    long uncachedInput,
    long cacheRead,
    @JsonProperty("cache_write_5m") long cacheWrite5m,
    @JsonProperty("cache_write_1h") long cacheWrite1h,
    long output,
    long reasoning) {}
