package io.bitrouter.core.exchange;

import java.util.List;
import java.util.Optional;

/**
 * A whole answer.
 *
 * @param model the model as the upstream names it; as asked when it does not
 * @param choices by index
 * @param usage what it used
 */
public record Reply(String model, List<Choice> choices, MeasuredUsage usage) {

  /**
   * One choice.
   *
   * @param parts in the order in which they were said
   */
  public record Choice(List<Part> parts, FinishReason reason, Optional<String> stopSequence) {}
}
