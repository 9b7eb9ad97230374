package io.bitrouter.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What every command works with: the outside world, where to write, and this host's node. */
final class Cli {
  private static final int MAX_ANSWER = 1000;

  private final World world;
  private final Output output;
  private final HostNode node;
  private final Credentials credentials;

  Cli(World world, Output output) {
    this.world = world;
    this.output = output;
    this.node = new HostNode(world);
    this.credentials = new Credentials(this);
  }

  World world() {
    return world;
  }

  Output output() {
    return output;
  }

  HostNode node() {
    return node;
  }

  Credentials credentials() {
    return credentials;
  }

  Api api() {
    Credential credential = credentials.inUse().credential();
    return api(credential.baseUrl(), credential.apiKey());
  }

  Api api(String baseUrl, String token) {
    return new Api(this, baseUrl, token);
  }

  /**
   * The node's interface with the operator's credential.
   *
   * @throws Failure when there is none
   */
  Api operatorApi() {
    return credentials
        .operator()
        .orElseThrow(() ->
            Failure.of(
                Exit.FORBIDDEN,
                "this needs an operator credential, and there is none here",
                "run it on the node's host, or set BITROUTER_OPERATOR_TOKEN"));
  }

  /** Shows an answer: as it came when JSON is wanted, else by {@code text}. */
  <T> void answer(byte[] body, Class<T> type, Consumer<T> text) {
    if (output.json()) {
      output.passThrough(body);
    } else {
      text.accept(Api.read(body, type));
    }
  }

  /** Shows something of our own: the object when JSON is wanted, else the line. */
  void result(Map<String, ? extends @Nullable Object> object, String line) {
    if (output.json()) {
      output.object(object);
    } else {
      output.line(line);
    }
  }

  /** A command line that works as pasted in the folder the person is in. */
  String command(String arguments) {
    String name = world.launcher().name();
    Optional<Path> launcher = world.launcher().path();
    if (launcher.isEmpty() || world.onPath(name).isPresent()) {
      return name + " " + arguments;
    }
    Path pasted = launcher.get().resolveSibling(name);
    boolean here = pasted.equals(world.workingDirectory().resolve(name));
    return (here ? "./" + name : pasted) + " " + arguments;
  }

  /**
   * Lets a person confirm what cannot be undone.
   *
   * @param question says what will be lost
   * @throws Failure when they decline, or nobody is there to ask
   */
  void confirm(String question, String insteadUse) {
    if (!world.terminals().in() || !world.terminals().err()) {
      throw Failure.of(
          Exit.USAGE, "this cannot be undone and nobody is there to confirm it", insteadUse);
    }
    output.ask(question + " [y/N]");
    String answer = typedLine().strip();
    if (!answer.equalsIgnoreCase("y") && !answer.equalsIgnoreCase("yes")) {
      throw Failure.of(Exit.DECLINED, "declined: nothing was changed");
    }
  }

  private String typedLine() {
    var line = new StringBuilder();
    try {
      int c = world.in().read();
      while (c >= 0 && c != '\n' && line.length() < MAX_ANSWER) {
        line.append((char) c);
        c = world.in().read();
      }
      return line.toString();
    } catch (IOException e) {
      return "";
    }
  }

  /** The bytes of a file, or of standard input for {@code -}. */
  byte[] input(String file) {
    try {
      return file.equals("-")
          ? world.in().readAllBytes()
          : Files.readAllBytes(world.workingDirectory().resolve(file));
    } catch (IOException e) {
      throw Failure.of(Exit.FAILURE, "cannot read " + file + ": " + PrivateFiles.reason(e));
    }
  }

  /** The text of a file, or of standard input for {@code -}, without surrounding white space. */
  String inputText(String file) {
    return new String(input(file), StandardCharsets.UTF_8).strip();
  }
}
