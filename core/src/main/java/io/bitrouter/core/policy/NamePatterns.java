package io.bitrouter.core.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A list of names, some of them beginnings followed by {@code *}. Immutable. */
final class NamePatterns {

  private final Set<String> names = new HashSet<>();
  private final List<String> beginnings = new ArrayList<>();

  NamePatterns(List<String> patterns) {
    for (String pattern : patterns) {
      if (pattern.endsWith("*")) {
        beginnings.add(pattern.substring(0, pattern.length() - 1));
      } else {
        names.add(pattern);
      }
    }
  }

  /** Whether one of them means {@code name}. */
  boolean matches(String name) {
    if (names.contains(name)) {
      return true;
    }
    for (String beginning : beginnings) {
      if (name.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }

  /** The patterns of {@code some} that {@code others} cover, and the other way round. */
  static List<String> common(List<String> some, List<String> others) {
    NamePatterns first = new NamePatterns(some);
    NamePatterns second = new NamePatterns(others);
    List<String> both = new ArrayList<>();
    for (String pattern : some) {
      if (second.matches(pattern)) {
        both.add(pattern);
      }
    }
    for (String pattern : others) {
      if (first.matches(pattern) && !both.contains(pattern)) {
        both.add(pattern);
      }
    }
    return both;
  }
}
