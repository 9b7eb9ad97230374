package io.bitrouter.node.config;

import java.util.List;

/**
 * A configuration that cannot be used. The message is for the operator: one line per mistake, with
 * file, line, key and what is allowed there. It never holds a value, only names of keys and of
 * environment variables, because a value may be a secret in the wrong place.
 */
public final class ConfigException extends Exception {

  private final transient List<String> problems;

  /** An exception for at least one problem, each a whole line. */
  public ConfigException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** The mistakes, one line each. */
  public List<String> problems() {
    return problems;
  }
}
