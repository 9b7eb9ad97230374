package io.bitrouter.core.exchange;

/**
 * How much a model is to think before it answers. Protocols say it as an effort or as a number of
 * tokens; the table between them is ours, see {@code docs/protocols.md}.
 *
 * @param effort how much
 * @param budgetTokens the same as tokens, at least 0
 * @param shown whether the client wants to see it, or a summary of it
 */
public record Thinking(Effort effort, long budgetTokens, boolean shown) {

  /** Efforts from the least to the most, each with the tokens it stands for. */
  public enum Effort {
    NONE("none", 0),
    MINIMAL("minimal", 1_024),
    LOW("low", 4_096),
    MEDIUM("medium", 8_192),
    HIGH("high", 16_384),
    XHIGH("xhigh", 32_768);

    private final String text;
    private final long tokens;

    Effort(String text, long tokens) {
      this.text = text;
      this.tokens = tokens;
    }

    /** The word for it in OpenAI's protocols. */
    public String text() {
      return text;
    }

    /** The tokens it stands for. */
    public long tokens() {
      return tokens;
    }
  }

  /** So much effort. */
  public static Thinking of(Effort effort, boolean shown) {
    return new Thinking(effort, effort.tokens(), shown);
  }

  /** So many tokens; the effort is the least that stands for as many. */
  public static Thinking ofTokens(long tokens, boolean shown) {
    for (Effort effort : Effort.values()) {
      if (tokens <= effort.tokens()) {
        return new Thinking(effort, Math.max(0, tokens), shown);
      }
    }
    return new Thinking(Effort.XHIGH, tokens, shown);
  }
}
