package io.bitrouter.wire.json;

import io.bitrouter.core.exchange.TokenUsage;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads token figures. Stateless and thread-safe. */
public final class Figures {

  /** What stands for a figure that is not there: 0 is a figure. */
  public static final long ABSENT = -1;

  private Figures() {}

  /**
   * The parser's token as a number of tokens, passing over objects and arrays. {@link #ABSENT} for
   * null and for what cannot be one: negative numbers, fractions, texts, and numbers above {@link
   * TokenUsage#BUCKET_LIMIT}.
   */
  public static long read(JsonParser json) {
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      json.skipChildren();
      return ABSENT;
    }
    return switch (json.getNumberType()) {
      case INT, LONG -> {
        long value = json.getLongValue();
        yield value < 0 || value > TokenUsage.BUCKET_LIMIT ? ABSENT : value;
      }
      default -> ABSENT;
    };
  }

  /** The first that is there, otherwise {@link #ABSENT}. */
  public static long first(long... figures) {
    for (long figure : figures) {
      if (figure != ABSENT) {
        return figure;
      }
    }
    return ABSENT;
  }

  /** The figure, 0 when it is absent. */
  public static long orZero(long figure) {
    return Math.max(figure, 0);
  }
}
