package io.bitrouter.node.http;

import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.wire.error.Redaction;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a client should know about its request although it was served: what it said that nothing
 * here reads, and what was done that may not be what was meant. Belongs to the request's own
 * thread.
 */
public final class Warnings {

  private static final int MOST = 16;
  private static final int LONGEST_NAME = 64;

  private final Set<String> said = new LinkedHashSet<>();

  /** Notes the query parameters that are not among {@code known}. */
  void parameters(List<String> sent, List<String> known) {
    sent.stream().filter(name -> !known.contains(name)).forEach(name -> ignored("query", name));
  }

  /** Notes a member of the body that its record does not have. */
  void member(String name) {
    ignored("member", name);
  }

  /** Notes something about what was done: a word, or a word and a name after a colon. */
  void note(String word) {
    if (said.size() < MOST) {
      said.add(shown(word));
    }
  }

  /** {@code x-bitrouter-warnings}, when there is something to say. */
  Optional<HeaderField> field() {
    return said.isEmpty()
        ? Optional.empty()
        : Optional.of(new HeaderField("x-bitrouter-warnings", String.join(", ", said)));
  }

  private void ignored(String what, String name) {
    if (said.size() < MOST) {
      said.add("ignored_" + what + ":" + shown(name));
    } else {
      said.add("more_ignored");
    }
  }

  /** The name as a header can hold it, without a key that stands there by mistake. */
  private static String shown(String name) {
    String kept = Redaction.of(name);
    String cut = kept.length() <= LONGEST_NAME ? kept : kept.substring(0, LONGEST_NAME);
    return cut.replaceAll("[^!-~]|[,;=\"]", "?");
  }
}
