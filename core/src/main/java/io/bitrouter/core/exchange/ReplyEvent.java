package io.bitrouter.core.exchange;

import java.util.Optional;

/**
 * One thing that an upstream says in an answer, in the terms that all protocols share. The parts of
 * a choice come in order: a text, a thought or a call lasts until something else of the same choice
 * begins; only calls can be interleaved with one another.
 */
public sealed interface ReplyEvent {

  /**
   * The answer began.
   *
   * @param id the upstream's id of it, empty when it has none
   * @param model the model as the upstream names it, empty when it does not
   */
  record Started(String id, String model) implements ReplyEvent {}

  /** More text. */
  record Text(int choice, String delta) implements ReplyEvent {}

  /** More of the model's word that it will not answer. */
  record Refused(int choice, String delta) implements ReplyEvent {}

  /** More of a thought. */
  record Reasoned(int choice, String delta) implements ReplyEvent {}

  /**
   * A thought ended with its seal; a redacted one, or one that is not shown, is this event alone.
   */
  record Signed(int choice, Signature signature, boolean redacted) implements ReplyEvent {}

  /**
   * A call began; its name is complete.
   *
   * @param call counts the calls of a choice from 0
   * @param id never empty: a reader makes one for a protocol that has none
   */
  record CallBegan(int choice, int call, String id, String name, Optional<Signature> signature)
      implements ReplyEvent {}

  /** More of a call's arguments. */
  record CallArguments(int choice, int call, String delta) implements ReplyEvent {}

  /** A source of the text so far. */
  record Cited(int choice, Part.Citation citation) implements ReplyEvent {}

  /**
   * A choice ended.
   *
   * @param stopSequence the text that ended it, when it is known
   * @param word the upstream's own word for the reason
   */
  record Finished(int choice, FinishReason reason, Optional<String> stopSequence, String word)
      implements ReplyEvent {}

  /** Usage as known by now; a later report replaces an earlier one. */
  record Used(MeasuredUsage usage) implements ReplyEvent {}

  /** The upstream failed in the middle. */
  record Failed(String message) implements ReplyEvent {}

  /** The answer ended as the protocol ends answers. */
  record Ended() implements ReplyEvent {}
}
