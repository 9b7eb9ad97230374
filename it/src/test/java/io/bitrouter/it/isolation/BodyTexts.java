package io.bitrouter.it.isolation;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts an id into each place of a body where a text stands. */
final class BodyTexts {

  /** A JSON text that is a value: one that no colon follows. */
  private static final Pattern VALUE = Pattern.compile("\"[^\"\\\\]*\"(?!\\s*:)");

  private BodyTexts() {}

  /** The body once for each text in it, with that text replaced. */
  static List<String> replaceEach(String body, String id) {
    List<String> bodies = new ArrayList<>();
    Matcher matcher = VALUE.matcher(body);
    while (matcher.find()) {
      bodies.add(
          body.substring(0, matcher.start()) + '"' + id + '"' + body.substring(matcher.end()));
    }
    return bodies;
  }
}
