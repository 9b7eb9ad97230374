package io.bitrouter.core.exchange;

import java.util.List;
import java.util.Optional;

/** One part of a turn or of an answer. */
public sealed interface Part {

  /** Text. */
  record Text(String text, List<Citation> citations, Optional<CacheMark> cache) implements Part {

    /** Text alone. */
    public static Text of(String text) {
      return new Text(text, List.of(), Optional.empty());
    }
  }

  /** The model's word that it will not answer. */
  record Refused(String text) implements Part {}

  /** An image, a sound or a document. */
  record Attached(Media media, Optional<CacheMark> cache) implements Part {}

  /**
   * What a model thought.
   *
   * @param text empty when it is not shown
   * @param signature the provider's seal; a redacted thought is its signature alone
   * @param redacted whether the provider hides the text in the signature
   */
  record Reasoning(String text, Optional<Signature> signature, boolean redacted) implements Part {}

  /**
   * A call of a tool that the client runs.
   *
   * @param id names the call within the conversation, never empty
   * @param arguments JSON as the model wrote it, perhaps not valid; plain text of a freeform tool
   * @param signature the provider's seal, when there is one
   */
  record ToolCall(
      String id, String name, String arguments, boolean freeform, Optional<Signature> signature)
      implements Part {}

  /**
   * What a tool answered.
   *
   * @param callId the call
   * @param name the tool's name, when the protocol says it; otherwise the call tells
   * @param content texts and attachments
   * @param error whether it failed
   */
  record ToolResult(
      String callId,
      Optional<String> name,
      List<Part> content,
      boolean error,
      Optional<CacheMark> cache)
      implements Part {}

  /**
   * Where a text has its knowledge from.
   *
   * @param start index of the first character of the text it is about
   * @param end index after the last
   */
  record Citation(String url, String title, int start, int end) {}
}
