package io.bitrouter.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/** Writes the reference of all commands from the command tree itself. */
public final class DocsMain {
  private DocsMain() {}

  /** Writes the reference into the file that the one argument names. */
  public static void main(String[] arguments) throws IOException {
    Files.writeString(Path.of(arguments[0]), reference());
  }

  /** The reference as Markdown; the same at every call. */
  static String reference() {
    World nowhere =
        new World(
            Map.of("HOME", "/"),
            new World.Launcher("bitrouter", "", Optional.empty(), Optional.empty()),
            InputStream.nullInputStream(),
            new PrintStream(PrintStream.nullOutputStream()),
            new PrintStream(PrintStream.nullOutputStream()),
            new World.Terminals(false, false, false),
            InstantSource.system(),
            Path.of("/"));
    CommandLine root = CommandTree.whole(new Cli(nowhere, new Output(nowhere)));
    StringBuilder text = new StringBuilder();
    text.append("# Commands\n\n");
    text.append("Generated from the commands themselves; `routeplane` is the same program.\n");
    text.append("Every command takes `--json` and `--help`.\n");
    write(text, root);
    return text.toString();
  }

  private static void write(StringBuilder text, CommandLine command) {
    text.append("\n## ").append(command.getCommandSpec().qualifiedName()).append("\n\n```\n");
    text.append(command.getUsageMessage(Help.Ansi.OFF).stripTrailing()).append("\n```\n");
    new TreeMap<>(command.getSubcommands())
        .forEach((name, below) -> {
          if (below.getCommandName().equals(name)) {
            write(text, below);
          }
        });
  }
}
