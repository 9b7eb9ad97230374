package io.bitrouter.wire.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * What a request was judged by.
 *
 * @param inputBytes size of the input in bytes
 * @param declaredOutput the output limit in tokens that the caller declared; absent when none
 * @param n how many answers were asked for
 * @param toolsSha256 hash of the tool definitions in hex; absent without tools
 */
@ControlBody
public record RequestDecision(
    long inputBytes,
    Optional<Long> declaredOutput,
    long n,
    @JsonProperty("tools_sha256") Optional<String> toolsSha256) {}
