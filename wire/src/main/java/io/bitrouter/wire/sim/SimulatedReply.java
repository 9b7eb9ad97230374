package io.bitrouter.wire.sim;

import io.bitrouter.core.gateway.HeaderField;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a simulated upstream answers.
 *
 * @param status HTTP status
 * @param headers header fields, {@code content-type} included, without framing
 * @param contentLength length of the whole body of a buffered answer, even if less of it is sent;
 *     empty for a stream
 * @param steps what to do; can be iterated again, makes the bytes as it goes
 */
public record SimulatedReply(
    int status, List<HeaderField> headers, OptionalLong contentLength, Iterable<Step> steps) {}
