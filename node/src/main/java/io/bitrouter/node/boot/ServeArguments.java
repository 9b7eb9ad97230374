package io.bitrouter.node.boot;

import java.util.List;
import java.util.Optional;

/**
 * The arguments of {@code serve}.
 *
 * @param listen address to listen on instead of the configured one
 */
record ServeArguments(Optional<String> listen) {

  static ServeArguments parse(List<String> arguments) throws StartException {
    Optional<String> listen = Optional.empty();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.startsWith("--listen=")) {
        listen = Optional.of(argument.substring("--listen=".length()));
      } else if (argument.equals("--listen") && i + 1 < arguments.size()) {
        listen = Optional.of(arguments.get(++i));
      } else {
        throw new StartException(
            "serve does not take '" + argument + "'; usage: serve [--listen HOST:PORT]");
      }
    }
    return new ServeArguments(listen);
  }
}
