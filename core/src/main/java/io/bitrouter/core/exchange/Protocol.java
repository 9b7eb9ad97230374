package io.bitrouter.core.exchange;

/** An inference protocol that a client or an upstream speaks. */
public enum Protocol {
  /** OpenAI Chat Completions. */
  CHAT("chat"),
  /** Anthropic Messages. */
  MESSAGES("messages"),
  /** OpenAI Responses. */
  RESPONSES("responses"),
  /** Google Gemini generateContent. */
  GEMINI("gemini");

  private final String text;

  Protocol(String text) {
    this.text = text;
  }

  /** The name in configuration and request rows. */
  public String text() {
    return text;
  }
}
