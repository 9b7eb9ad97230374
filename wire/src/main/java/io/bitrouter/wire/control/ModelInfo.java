package io.bitrouter.wire.control;

import java.util.List;
import java.util.Optional;

/**
 * One routable model. {@code object}, {@code created} and {@code ownedBy} are what OpenAI's clients
 * expect of it, {@code type} and {@code displayName} what Anthropic's do.
 *
 * @param id the name to call it by, {@code provider/model} or the bare model
 * @param object always {@code model}
 * @param created seconds since 1970 at which the model was listed
 * @param ownedBy the first provider
 * @param type always {@code model}
 * @param displayName name for people
 * @param description one sentence; absent when the catalogue has none
 * @param inputModalities what it reads, for example {@code text}, {@code image}
 * @param outputModalities what it writes
 * @param capabilities for example {@code tools}, {@code streaming}
 * @param maxInputTokens context size; absent when unknown
 * @param maxOutputTokens longest answer; absent when unknown
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
    List<String> providers) {
  /** Checks that the required members are there. */
  public ModelInfo {
    Required.member("id", id);
    Required.member("object", object);
    Required.member("owned_by", ownedBy);
    Required.member("type", type);
    Required.member("display_name", displayName);
    inputModalities = Required.list("input_modalities", inputModalities);
    outputModalities = Required.list("output_modalities", outputModalities);
    capabilities = Required.list("capabilities", capabilities);
    providers = Required.list("providers", providers);
  }
}
