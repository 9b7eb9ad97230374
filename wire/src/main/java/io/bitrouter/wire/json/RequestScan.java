package io.bitrouter.wire.json;

import io.bitrouter.core.exchange.AskedRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * What the gateway reads of a request, and where it stands in the body.
 *
 * @param membersAt index after the opening brace of the body, where members can be put in
 * @param model the model as asked, 1 to 256 characters
 * @param modelAt the model's string, quotes included
 * @param streamOptions also when they are null
 * @param maxTokens the member that says how many output tokens are allowed
 * @param maxCompletionTokens the same by the newer member
 * @param choices answers asked for, 1 to 128
 * @param tools the tools, unless they are null
 * @param content what rules judge in messages and tools
 * @param names what the client calls its users and caches
 * @param fallbacks models to try after {@code model}, in order
 * @param fallbacksAt the whole member that lists them, with a comma beside it, also when it is null
 * @param store the member that says whether the provider is to keep the answer
 */
public record RequestScan(
    int membersAt,
    String model,
    Span modelAt,
    boolean stream,
    Optional<StreamOptions> streamOptions,
    Optional<OutputLimit> maxTokens,
    Optional<OutputLimit> maxCompletionTokens,
    int choices,
    Optional<Span> tools,
    AskedContent content,
    List<Name> names,
    List<String> fallbacks,
    Optional<Span> fallbacksAt,
    Optional<Store> store) {

  /**
   * A name that the client chose and the provider shares between all who use an account.
   *
   * @param at the string, quotes included
   */
  public record Name(Span at, String value) {}

  /**
   * The member {@code store}.
   *
   * @param at its value
   * @param said false when that is null
   */
  public record Store(Span at, boolean said, boolean asked) {}

  /**
   * A member that limits the output.
   *
   * @param at its value
   * @param tokens at least 0, empty when the value is null
   */
  public record OutputLimit(Span at, OptionalLong tokens) {}

  /**
   * The member {@code stream_options}.
   *
   * @param present false when the value is null
   * @param empty whether it is null or an object without members
   * @param includeUsageAt the value of {@code include_usage}, when it occurs
   */
  public record StreamOptions(
      Span at,
      boolean present,
      boolean empty,
      boolean includeUsage,
      Optional<Span> includeUsageAt) {}

  /**
   * What the body asks for.
   *
   * @param bytes length of the body
   */
  public AskedRequest asked(int bytes, OptionalLong declaredOutput) {
    return new AskedRequest(
        model,
        stream,
        declaredOutput,
        choices,
        bytes,
        content.modalities(),
        content.tools(),
        content.mediaParts(),
        content.mediaBytes(),
        content.cacheWrites(),
        content.elsewhere(),
        content.handles(),
        fallbacks);
  }

  /** Whether the client asks for the provider to keep the answer. */
  public boolean storeAsked() {
    return store.filter(Store::asked).isPresent();
  }

  /**
   * The replacements that every protocol needs: the upstream's name of the model, no list of models
   * to try, which is the gateway's affair, another name for each that the client chose, and no
   * keeping of the answer.
   */
  public Splices splices(String upstreamModel, UnaryOperator<String> pseudonym) {
    Splices splices = new Splices();
    if (!upstreamModel.equals(model)) {
      splices.replace(modelAt, Json.quoted(upstreamModel));
    }
    fallbacksAt.ifPresent(splices::remove);
    store
        .filter(Store::asked)
        .ifPresent(
            asked -> splices.replace(asked.at(), "false".getBytes(StandardCharsets.US_ASCII)));
    for (Name name : names) {
      splices.replace(name.at(), Json.quoted(pseudonym.apply(name.value())));
    }
    return splices;
  }
}
