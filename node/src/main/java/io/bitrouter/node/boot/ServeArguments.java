package io.bitrouter.node.boot;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The arguments of {@code serve}.
 *
 * @param listen address to listen on instead of the configured one
 * @param patience how long to wait for a node to end that holds the home
 */
record ServeArguments(Optional<String> listen, Duration patience) {

  private static final int LONGEST_WAIT = 3_600;

  static ServeArguments parse(List<String> arguments) throws StartException {
    Optional<String> listen = Optional.empty();
    Duration patience = Duration.ZERO;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      String name = argument.startsWith("--") ? argument.split("=", 2)[0] : argument;
      boolean apart = name.equals(argument);
      if (!List.of("--listen", "--wait").contains(name) || apart && i + 1 == arguments.size()) {
        throw new StartException(
            "serve does not take '"
                + argument
                + "'; usage: serve [--listen HOST:PORT] [--wait SECONDS]");
      }
      String value = apart ? arguments.get(++i) : argument.substring(name.length() + 1);
      if (name.equals("--listen")) {
        listen = Optional.of(value);
      } else {
        patience = seconds(value);
      }
    }
    return new ServeArguments(listen, patience);
  }

  private static Duration seconds(String text) throws StartException {
    if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) > LONGEST_WAIT) {
      throw new StartException("--wait takes whole seconds up to " + LONGEST_WAIT);
    }
    return Duration.ofSeconds(Integer.parseInt(text));
  }
}
