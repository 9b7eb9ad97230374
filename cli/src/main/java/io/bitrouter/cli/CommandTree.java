package io.bitrouter.cli;

import io.bitrouter.wire.control.Policies.PrincipalRef;
import io.bitrouter.wire.control.Rfc3339;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
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
      add(cloud, "namespace", () -> new NamespaceCommand(cli), wanted);
      add(cloud, "keys", () -> new KeysCommand(cli), wanted);
      add(cloud, "policy", () -> new PolicyCommand(cli), wanted);
      add(cloud, "budget", () -> new BudgetCommand(cli), wanted);
      add(cloud, "preset", () -> new PresetCommand(cli), wanted);
      add(cloud, "audit", () -> new AuditCommand(cli), wanted);
      add(cloud, "billing", () -> new BillingCommand(cli), wanted);
      Optional.ofNullable(cloud.getSubcommands().get("policy"))
          .ifPresent(policy -> add(policy, "create", () -> new PolicyCreateCommand(cli), wanted));
    }
    add(root, "auth", () -> new AuthCommand(cli), wanted);
    add(root, "node", () -> new NodeCommand(cli), wanted);
    add(root, "usage", () -> new UsageCommand(cli), wanted);
    add(root, "operator", () -> new OperatorCommand(cli), wanted);
    // What begins with @ is meant for the agent that is launched.
    root.setExpandAtFiles(false);
    // A kind of policy is also the name of a command that makes one.
    root.setAllowSubcommandsAsOptionParameters(true);
    root.registerConverter(Instant.class, CommandTree::instant);
    root.registerConverter(Duration.class, Texts::span);
    root.registerConverter(Money.class, Money::of);
    root.registerConverter(PrincipalRef.class, Principals::of);
    root.registerConverter(PolicyCommand.Kind.class, PolicyCommand.Kind::of);
    root.registerConverter(KeysCommand.Overlap.class, KeysCommand.Overlap::of);
    return root;
  }

  private static void add(
      CommandLine parent, String name, Supplier<Object> commands, Predicate<String> wanted) {
    if (wanted.test(name)) {
      parent.addSubcommand(group(commands.get(), wanted));
    }
  }

  private static CommandLine group(Object commands, Predicate<String> wanted) {
    CommandLine group = new CommandLine(commands);
    Arrays.stream(commands.getClass().getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Command.class))
        .filter(method -> wanted.test(name(method)))
        .sorted(Comparator.comparing(CommandTree::name))
        .forEach(method -> group.addSubcommand(new CommandLine(method)));
    return group;
  }

  private static String name(Method method) {
    String given = method.getAnnotation(Command.class).name();
    return given.equals("<main class>") ? method.getName() : given;
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
