package io.bitrouter.core.exchange;

import java.util.List;
import java.util.Optional;

/**
 * A whole answer.
 *
 * @param choices by index
 * @param usage what it used
 */
public record Reply(List<Choice> choices, MeasuredUsage usage) {

  /**
   * One choice.
   *
   * @param parts in the order in which they were said
   */
  public record Choice(List<Part> parts, FinishReason reason, Optional<String> stopSequence) {}
}
