package io.bitrouter.core.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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

  /** What both lists mean: of every two patterns the narrower, where one covers the other. */
  static List<String> common(List<String> some, List<String> others) {
    Set<String> both = new LinkedHashSet<>();
    for (String one : some) {
      for (String other : others) {
        narrower(one, other).ifPresent(both::add);
      }
    }
    return List.copyOf(both);
  }

  /**
   * The same for names of models, where {@code sim/*} and {@code fast} have {@code sim/fast} in
   * common. A pattern that ends within a provider's name has nothing in common with a bare name.
   */
  static List<String> commonModels(List<String> some, List<String> others) {
    Set<String> both = new LinkedHashSet<>();
    for (String one : some) {
      for (String other : others) {
        Optional<String> same = narrower(one, other);
        if (same.isPresent()) {
          both.add(same.get());
        } else {
          both.addAll(commonModels(one, other));
        }
      }
    }
    return List.copyOf(both);
  }

  private static List<String> commonModels(String one, String other) {
    List<String> both = new ArrayList<>();
    for (Reading first : readings(one)) {
      for (Reading second : readings(other)) {
        String provider = first.provider().isEmpty() ? second.provider() : first.provider();
        boolean others = !second.provider().isEmpty() && !second.provider().equals(provider);
        if (!provider.isEmpty() && !others) {
          narrower(first.model(), second.model())
              .ifPresent(model -> both.add(provider + "/" + model));
        }
      }
    }
    return both;
  }

  /** A pattern taken as a provider's model, or with an empty provider as a bare name. */
  private record Reading(String provider, String model) {}

  private static List<Reading> readings(String pattern) {
    int slash = pattern.indexOf('/');
    int separator = slash >= 0 ? slash : pattern.indexOf(':');
    Reading bare = new Reading("", pattern);
    return separator <= 0
        ? List.of(bare)
        : List.of(
            bare, new Reading(pattern.substring(0, separator), pattern.substring(separator + 1)));
  }

  private static Optional<String> narrower(String one, String other) {
    if (covers(other, one)) {
      return Optional.of(one);
    }
    return covers(one, other) ? Optional.of(other) : Optional.empty();
  }

  private static boolean covers(String wide, String narrow) {
    return wide.endsWith("*")
        ? narrow.startsWith(wide.substring(0, wide.length() - 1))
        : wide.equals(narrow);
  }
}
