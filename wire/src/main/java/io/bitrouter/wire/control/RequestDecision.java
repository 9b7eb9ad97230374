package io.bitrouter.wire.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * What a request was judged by.
 *
 * @param declaredOutput the output limit in tokens that the caller declared; absent when none
 * @param toolsSha256 hash of the tool definitions in hex; absent without tools
 */
@ControlBody
public record RequestDecision(
    long inputBytes,
    Optional<Long> declaredOutput,
    long n,
    @JsonProperty("tools_sha256") Optional<String> toolsSha256) {}
