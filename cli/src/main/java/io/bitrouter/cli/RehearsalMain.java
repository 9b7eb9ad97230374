package io.bitrouter.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Runs many commands in one process, so that the start-up cache that is made from the process knows
 * the classes of all of them. One command a line on standard input, words parted by single spaces.
 * Shows what failed; a failure ends nothing, because a cache that lacks one command is still good.
 */
public final class RehearsalMain {
  private RehearsalMain() {}

  /** Runs the commands. */
  public static void main(String[] arguments) throws IOException {
    World real = World.ofThisProcess();
    World quiet =
        new World(
            real.env(),
            real.launcher(),
            InputStream.nullInputStream(),
            new PrintStream(PrintStream.nullOutputStream()),
            new PrintStream(PrintStream.nullOutputStream()),
            real.terminals(),
            real.clock(),
            real.workingDirectory());
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(real.in(), StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      int code = Main.run(quiet, line.split(" ", -1));
      if (code != 0) {
        real.out().println("exit code " + code + ": " + line);
      }
    }
    real.out().flush();
  }
}
