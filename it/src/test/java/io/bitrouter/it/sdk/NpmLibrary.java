package io.bitrouter.it.sdk;

import java.util.Locale;

/** Libraries from npm, each by one of the protocols that it speaks, and their words for things. */
enum NpmLibrary {
  OPENAI_CHAT("openai", "stop", "tool_calls"),
  OPENAI_RESPONSES("openai", "completed", "completed"),
  ANTHROPIC_MESSAGES("anthropic", "end_turn", "tool_use"),
  GENAI_GEMINI("genai", "STOP", "STOP"),
  AI_CHAT("ai", "stop", "tool-calls"),
  AI_RESPONSES("ai", "stop", "tool-calls"),
  AI_MESSAGES("ai", "stop", "tool-calls"),
  AI_GEMINI("ai", "stop", "tool-calls"),
  LANGCHAIN_CHAT("langchain", "stop", "tool_calls"),
  LANGCHAIN_RESPONSES("langchain", "completed", "completed"),
  LANGCHAIN_MESSAGES("langchain", "end_turn", "tool_use"),
  LANGCHAIN_GEMINI("langchain", "STOP", "STOP");

  private final String script;
  private final String done;
  private final String calling;

  NpmLibrary(String script, String done, String calling) {
    this.script = script;
    this.done = done;
    this.calling = calling;
  }

  /** The script that asks with it. */
  String script() {
    return script;
  }

  /** Under what the script has the protocol. */
  String protocol() {
    return name().substring(name().indexOf('_') + 1).toLowerCase(Locale.ROOT);
  }

  /** Its word for an answer that is done, or that calls tools. */
  String finish(boolean calls) {
    return calls ? calling : done;
  }

  /** The family of models which it takes to be able to do what is asked. */
  String family() {
    return switch (this) {
      case AI_CHAT, AI_RESPONSES, LANGCHAIN_CHAT, LANGCHAIN_RESPONSES -> "o3-";
      case LANGCHAIN_GEMINI -> "gemini-2-";
      default -> "model-";
    };
  }

  /** Whether it knows of thoughts: of {@code reasoning_content} not all do. */
  boolean tellsThoughts() {
    return this != AI_CHAT;
  }

  /**
   * Whether it adds up the usage of a stream right. LangChain takes Anthropic's prompt from the
   * first event, where not every upstream knows it, and the output from the first and the last; and
   * it adds up what every event of Gemini says was cached.
   */
  boolean tellsUsageOfStreams() {
    return this != LANGCHAIN_MESSAGES && this != LANGCHAIN_GEMINI;
  }

  /** Whether it sends back the ids of calls; where it does not, the node makes new ones. */
  boolean keepsIds() {
    return this != LANGCHAIN_GEMINI;
  }
}
