package io.bitrouter.cli;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;

/** Puts the commands together: classes are groups, their annotated methods are commands. */
final class CommandTree {
  private static final int HELP_WIDTH = 100;

  private CommandTree() {}

  /** All commands. */
  static CommandLine whole(Cli cli) {
    return build(cli, name -> true);
  }

  /**
   * Only what the arguments mention: reading the annotations of all commands takes longer than most
   * commands do. Each method is named like its command; {@code status} is {@code whoami}'s other
   * name.
   */
  static CommandLine forArguments(Cli cli, List<String> arguments) {
    return build(
        cli,
        name ->
            arguments.contains(name) || (name.equals("whoami") && arguments.contains("status")));
  }

  private static CommandLine build(Cli cli, Predicate<String> wanted) {
    CommandLine root = group(new RootCommand(cli), wanted);
    if (wanted.test("cloud")) {
      CommandLine cloud = group(new CloudCommand(cli), wanted);
      if (wanted.test("namespace")) {
        cloud.addSubcommand("namespace", group(new NamespaceCommand(cli), wanted));
      }
      if (wanted.test("keys")) {
        cloud.addSubcommand("keys", group(new KeysCommand(cli), wanted));
      }
      root.addSubcommand("cloud", cloud);
    }
    if (wanted.test("auth")) {
      root.addSubcommand("auth", group(new AuthCommand(cli), wanted));
    }
    if (wanted.test("node")) {
      root.addSubcommand("node", group(new NodeCommand(cli), wanted));
    }
    World.Launcher launcher = cli.world().launcher();
    root.setCommandName(launcher.name());
    root.getCommandSpec().version(launcher.name() + " " + launcher.version());
    root.setUsageHelpWidth(HELP_WIDTH);
    root.setColorScheme(
        Help.defaultColorScheme(cli.output().colourful() ? Help.Ansi.ON : Help.Ansi.OFF));
    return root;
  }

  private static CommandLine group(Object commands, Predicate<String> wanted) {
    CommandLine group = new CommandLine(commands);
    Arrays.stream(commands.getClass().getDeclaredMethods())
        .filter(method -> wanted.test(method.getName()))
        .filter(method -> method.isAnnotationPresent(Command.class))
        .sorted(Comparator.comparing(Method::getName))
        .forEach(method -> group.addSubcommand(new CommandLine(method)));
    return group;
  }
}
