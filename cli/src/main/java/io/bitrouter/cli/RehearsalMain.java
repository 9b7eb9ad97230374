package io.bitrouter.cli;

import java.io.IOException;
import java.io.InputStream;
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
    PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());
    World quiet =
        new World(
            real.env(),
            real.launcher(),
            InputStream.nullInputStream(),
            nowhere,
            nowhere,
            real.terminals(),
            real.clock(),
            real.workingDirectory());
    new String(real.in().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> Main.run(quiet, line.split(" ")) != 0)
        .forEach(line -> real.out().println("failed: " + line));
    real.out().flush();
  }
}
