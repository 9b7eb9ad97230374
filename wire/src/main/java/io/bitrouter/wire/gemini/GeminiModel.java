package io.bitrouter.wire.gemini;

import io.bitrouter.core.exchange.Thinking;
import io.bitrouter.core.exchange.Thinking.Effort;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be told from the name of a model about how it is to be asked. Of a name that says
 * nothing everything is believed that version 2.5 can do.
 *
 * @param name without folders, in lower case
 * @param version 2.5 for {@code gemini-2.5-pro}
 */
record GeminiModel(String name, double version) {

  private static final Pattern VERSION = Pattern.compile("gemini-([0-9]{1,3}(?:\\.[0-9]{1,3})?).*");

  private static final double BY_LEVEL = 3;
  private static final double BY_BUDGET = 2.5;

  /** Least tokens that the larger model of version 2.5 thinks with: it cannot leave it. */
  private static final long PRO_LEAST = 128;

  private static final long PRO_MOST = 32_768;
  private static final long FLASH_MOST = 24_576;
  private static final long LITE_LEAST = 512;

  /** The model that an upstream knows by {@code upstreamModel}. */
  static GeminiModel of(String upstreamModel) {
    String name =
        upstreamModel.substring(upstreamModel.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    Matcher version = VERSION.matcher(name);
    boolean latest = name.startsWith("gemini-") && name.endsWith("-latest");
    return new GeminiModel(
        name,
        version.matches() ? Double.parseDouble(version.group(1)) : latest ? BY_LEVEL : BY_BUDGET);
  }

  /** Whether it thinks before it answers. */
  boolean thinks() {
    return version >= BY_BUDGET;
  }

  /** Whether it fetches what is on the web. */
  boolean fetches() {
    return version >= BY_BUDGET;
  }

  /** Whether it is told by a word how much to think, not by a number of tokens. */
  boolean thinksByLevel() {
    return version >= BY_LEVEL;
  }

  /** Whether it refuses calls in a conversation that are not sealed. */
  boolean wantsSeals() {
    return version >= BY_LEVEL;
  }

  /** The word for how much to think that is nearest to {@code effort}. */
  String level(Effort effort) {
    return switch (effort) {
      // Only the smaller ones can nearly leave it.
      case NONE, MINIMAL -> name.contains("flash") ? "minimal" : "low";
      case LOW -> "low";
      case MEDIUM -> name.startsWith("gemini-3-pro") ? "high" : "medium";
      case HIGH, XHIGH -> "high";
    };
  }

  /** Tokens to think with: those wanted, or the nearest that it takes. */
  long budget(Thinking thinking) {
    long wanted = thinking.effort() == Effort.NONE ? 0 : thinking.budgetTokens();
    if (name.contains("-pro")) {
      return Math.clamp(wanted, PRO_LEAST, PRO_MOST);
    }
    if (name.contains("flash")) {
      long least = name.contains("lite") && wanted > 0 ? LITE_LEAST : 0;
      return Math.clamp(wanted, least, FLASH_MOST);
    }
    return wanted;
  }
}
