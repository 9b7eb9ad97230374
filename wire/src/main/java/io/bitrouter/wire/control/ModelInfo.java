package io.bitrouter.wire.control;

import java.util.List;
import java.util.Optional;

/**
 * One routable model. {@code object}, {@code created} and {@code ownedBy} are what OpenAI's clients
 * expect of it, {@code type} and {@code displayName} what Anthropic's do.
 *
 * @param id the name to call it by, {@code provider/model} or the bare model
 * @param object always {@code model}
 * @param type always {@code model}
 * @param inputModalities what it reads, for example {@code text}, {@code image}
 * @param capabilities for example {@code tools}, {@code streaming}
 * @param maxInputTokens context size; absent when unknown
 * @param pricing absent when the model has no known price
 * @param providers ids of the providers that serve it
 */
@ControlBody
public record ModelInfo(
    String id,
    String object,
    long created,
    String ownedBy,
    String type,
    String displayName,
    Optional<String> description,
    List<String> inputModalities,
    List<String> outputModalities,
    List<String> capabilities,
    Optional<Long> maxInputTokens,
    Optional<Long> maxOutputTokens,
    Optional<ModelPricing> pricing,
    List<String> providers) {}
