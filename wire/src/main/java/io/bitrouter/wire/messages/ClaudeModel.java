package io.bitrouter.wire.messages;

import io.bitrouter.core.catalog.Model;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What requests to one of Anthropic's models may say, which changed with its version.
 *
 * @param version major times 100 plus minor; 0 for models of others, which follow the first form
 */
record ClaudeModel(int version) {

  private static final Pattern VERSION =
      Pattern.compile("claude-(?:[a-z]+-)?(\\d{1,2})(?:[-.](\\d{1,2}))?(?!\\d)");

  /** The model that a provider knows as {@code name}; one without a number is the latest. */
  static ClaudeModel of(String name) {
    Matcher version = VERSION.matcher(name);
    if (version.find()) {
      int minor = version.group(2) == null ? 0 : Integer.parseInt(version.group(2));
      return new ClaudeModel(100 * Integer.parseInt(version.group(1)) + minor);
    }
    return new ClaudeModel(name.contains("claude-") ? Integer.MAX_VALUE : 0);
  }

  /** Whether thinking is asked for as an effort, not as a number of tokens. */
  boolean thinksByEffort() {
    return version >= 406;
  }

  /** Whether temperature, top_p and top_k are refused. */
  boolean refusesSampling() {
    return version >= 407;
  }

  /** Whether {@code model} takes schemas for its answer and promises to keep to those of tools. */
  static boolean takesSchemas(Model model) {
    return model.abilities().schemas().orElse(of(model.upstreamModel()).version >= 405);
  }

  /** Its word for the most effort that anyone asks for. */
  String extraEffort() {
    return version >= 407 ? "xhigh" : "max";
  }
}
