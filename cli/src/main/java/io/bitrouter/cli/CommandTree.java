package io.bitrouter.cli;

import io.bitrouter.wire.control.Rfc3339;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.TypeConversionException;

/** Puts the commands together: classes are groups, their annotated methods are commands. */
final class CommandTree {
  private static final int HELP_WIDTH = 100;

  private CommandTree() {}

  /** All commands, with what their help shows. */
  static CommandLine whole(Cli cli) {
    CommandLine root = build(cli, name -> true);
    World.Launcher launcher = cli.world().launcher();
    root.getCommandSpec().version(launcher.name() + " " + launcher.version());
    root.setUsageHelpWidth(HELP_WIDTH);
    root.setColorScheme(
        Help.defaultColorScheme(cli.output().colourful() ? Help.Ansi.ON : Help.Ansi.OFF));
    explain(root, launcher.name());
    return root;
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
    root.setCommandName(cli.world().launcher().name());
    if (wanted.test("cloud")) {
      CommandLine cloud = group(new CloudCommand(cli), wanted);
      root.addSubcommand(cloud);
      if (wanted.test("namespace")) {
        cloud.addSubcommand(group(new NamespaceCommand(cli), wanted));
      }
      if (wanted.test("keys")) {
        cloud.addSubcommand(group(new KeysCommand(cli), wanted));
      }
    }
    if (wanted.test("auth")) {
      root.addSubcommand(group(new AuthCommand(cli), wanted));
    }
    if (wanted.test("node")) {
      root.addSubcommand(group(new NodeCommand(cli), wanted));
    }
    root.registerConverter(Instant.class, CommandTree::instant);
    root.registerConverter(Duration.class, Texts::span);
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

  private static Instant instant(String text) {
    try {
      return Rfc3339.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "' is " + e.getMessage());
    }
  }

  /** A footer of one line is the arguments of an example; without any, the command is its own. */
  private static void explain(CommandLine command, String program) {
    UsageMessageSpec usage = command.getCommandSpec().usageMessage();
    usage.synopsisSubcommandLabel("COMMAND");
    String[] footer = usage.footer();
    if (footer.length == 0) {
      usage.footer("", "Example:", "  " + command.getCommandSpec().qualifiedName());
    } else if (footer.length == 1) {
      usage.footer("", "Example:", "  " + program + " " + footer[0]);
    }
    command.getSubcommands().values().forEach(below -> explain(below, program));
  }
}
