package io.bitrouter.wire.translate;

import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.MeasuredUsage;
import java.util.function.ToLongFunction;

/**
 * What an answer is an answer to.
 *
 * @param id 26 characters that name the answer and nothing else
 * @param createdSeconds when the request came, seconds since 1970
 * @param request what was asked
 * @param costNanos prices a usage, nano-USD
 */
public record ReplyContext(
    String id,
    long createdSeconds,
    InferenceRequest request,
    ToLongFunction<MeasuredUsage> costNanos) {}
