package io.bitrouter.wire.chat;

import java.util.regex.Pattern;

/** The two members that say how many tokens an answer may have; no upstream takes both at once. */
final class OutputMember {

  static final String OLDER = "max_tokens";
  static final String NEWER = "max_completion_tokens";

  /** Models of OpenAI that refuse {@code max_tokens}: {@code o3-mini}, {@code gpt-5.1}. */
  private static final Pattern NEWER_ONLY = Pattern.compile("(.*/)?(o[1-9]|gpt-[5-9])[^/]*");

  private OutputMember() {}

  /** Whether {@code upstreamModel} takes the newer member alone. */
  static boolean isNewer(String upstreamModel) {
    return NEWER_ONLY.matcher(upstreamModel).matches();
  }
}
