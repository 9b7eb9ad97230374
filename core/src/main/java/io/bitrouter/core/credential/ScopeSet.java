package io.bitrouter.core.credential;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A set of scopes, kept as granted: {@code policy:*} stays {@code policy:*}. Immutable.
 *
 * <p>No action implies another; a wildcard covers the actions of its own resource and nothing else.
 */
public record ScopeSet(List<String> tokens) {

  /** Sorts and removes repetitions. */
  public ScopeSet {
    tokens = List.copyOf(new TreeSet<>(tokens));
  }

  /** The set of these tokens. */
  public static ScopeSet of(Collection<String> tokens) {
    return new ScopeSet(List.copyOf(tokens));
  }

  /** The set written as tokens separated by single spaces. */
  public static ScopeSet parse(String text) {
    return new ScopeSet(text.isEmpty() ? List.of() : List.of(text.split(" ")));
  }

  /** Whether the set allows {@code scope}: it holds the token itself or its resource's wildcard. */
  public boolean allows(String scope) {
    return tokens.contains(scope) || tokens.contains(wildcardOf(scope));
  }

  /**
   * The first of {@code wanted}, in the order given, that this set does not cover.
   *
   * <p>A wildcard is covered by the same wildcard, or by holding every known action of its
   * resource.
   */
  public Optional<String> firstMissing(Collection<String> wanted) {
    return wanted.stream().filter(token -> !covers(token)).findFirst();
  }

  private boolean covers(String token) {
    if (!token.endsWith(":*")) {
      return allows(token);
    }
    if (tokens.contains(token)) {
      return true;
    }
    String resource = token.substring(0, token.length() - 1);
    List<String> actions =
        Stream.concat(Scope.OF_A_KEY.stream(), Scope.NEVER_BAKED.stream())
            .filter(scope -> scope.startsWith(resource))
            .toList();
    return !actions.isEmpty() && tokens.containsAll(actions);
  }

  private static String wildcardOf(String scope) {
    return scope.substring(0, scope.lastIndexOf(':') + 1) + "*";
  }

  /** The tokens separated by single spaces. */
  @Override
  public String toString() {
    return String.join(" ", tokens);
  }
}
