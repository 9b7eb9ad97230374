package io.bitrouter.wire.json;

import java.util.Optional;
import java.util.OptionalLong;

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
    AskedContent content) {

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
}
