package io.bitrouter.cli;

import java.util.List;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/** Puts the commands together. */
final class CommandTree {
  private static final int HELP_WIDTH = 100;

  private CommandTree() {}

  /** All commands. */
  static CommandLine whole(Cli cli) {
    return build(cli, group -> true);
  }

  /**
   * The commands of this host and only those groups that the arguments mention: reading the
   * annotations of all of them would be a large part of a short command's time.
   */
  static CommandLine forArguments(Cli cli, List<String> arguments) {
    return build(cli, arguments::contains);
  }

  private static CommandLine build(Cli cli, Predicate<String> wanted) {
    CommandLine root = new CommandLine(new RootCommand(cli));
    if (wanted.test("cloud")) {
      CommandLine cloud = new CommandLine(new CloudCommand(cli));
      if (wanted.test("namespace")) {
        cloud.addSubcommand("namespace", new CommandLine(new NamespaceCommand(cli)));
      }
      if (wanted.test("keys")) {
        cloud.addSubcommand("keys", new CommandLine(new KeysCommand(cli)));
      }
      root.addSubcommand("cloud", cloud);
    }
    if (wanted.test("auth")) {
      root.addSubcommand("auth", new CommandLine(new AuthCommand(cli)));
    }
    if (wanted.test("node")) {
      root.addSubcommand("node", new CommandLine(new NodeCommand(cli)));
    }
    World.Launcher launcher = cli.world().launcher();
    root.setCommandName(launcher.name());
    root.getCommandSpec().version(launcher.name() + " " + launcher.version());
    root.setUsageHelpWidth(HELP_WIDTH);
    root.setColorScheme(
        Help.defaultColorScheme(cli.output().colourful() ? Help.Ansi.ON : Help.Ansi.OFF));
    root.setCaseInsensitiveEnumValuesAllowed(false);
    return root;
  }
}
