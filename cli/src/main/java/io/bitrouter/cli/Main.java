package io.bitrouter.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Entry point of the terminal program. */
public final class Main {
  private final World world;
  private final Output output;
  private final String[] arguments;

  private Main(World world, String[] arguments) {
    this.world = world;
    this.output = new Output(world);
    this.arguments = arguments.length == 0 ? new String[] {"--help"} : arguments.clone();
  }

  /** Runs the command that the arguments name and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(World.ofThisProcess(), arguments));
  }

  /**
   * Runs one command in the given world.
   *
   * @return the exit code
   */
  public static int run(World world, String... arguments) {
    Main main = new Main(world, arguments);
    try {
      return main.run();
    } catch (Failure failure) {
      main.output.failure(failure);
      return failure.exit().code();
    } finally {
      main.output.flush();
    }
  }

  private int run() {
    chooseFormat();
    Cli cli = new Cli(world, output, Home.of(world));
    List<String> words = Arrays.asList(arguments);
    try {
      CommandLine tree = CommandTree.forArguments(cli, words);
      ParseResult parsed = tree.parseArgs(arguments);
      if (!isHelp(parsed)) {
        return execute(tree);
      }
    } catch (CommandLine.ParameterException e) {
      // Whoever asks for help or mistypes needs all commands, to see them or as suggestions.
    }
    return execute(CommandTree.whole(cli));
  }

  private void chooseFormat() {
    String wanted = world.variable("BITROUTER_OUTPUT").orElse("text");
    output.json(wanted.equals("json") || Arrays.asList(arguments).contains("--json"));
    if (!wanted.equals("json") && !wanted.equals("text")) {
      throw Failure.of(Exit.USAGE, "BITROUTER_OUTPUT must be text or json, not " + wanted);
    }
  }

  private static boolean isHelp(ParseResult parsed) {
    for (ParseResult part = parsed; part != null; part = next(part)) {
      if (part.isUsageHelpRequested()) {
        return true;
      }
    }
    return false;
  }

  private static ParseResult next(ParseResult part) {
    return part.hasSubcommand() ? part.subcommand() : null;
  }

  private int execute(CommandLine tree) {
    StringWriter text = new StringWriter();
    tree.setOut(new PrintWriter(text));
    tree.setParameterExceptionHandler((e, args) -> fail(usage(e)));
    tree.setExecutionExceptionHandler((e, command, parsed) -> fail(failure(e)));
    int code = tree.execute(arguments);
    output.text(text.toString());
    return code;
  }

  private int fail(Failure failure) {
    output.failure(failure);
    return failure.exit().code();
  }

  private static Failure failure(Exception e) {
    if (e instanceof Failure failure) {
      return failure;
    }
    String what = e.getMessage() == null ? "" : ": " + e.getMessage();
    return Failure.of(Exit.FAILURE, e.getClass().getSimpleName() + what);
  }

  private static Failure usage(CommandLine.ParameterException e) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String hint = "'" + name + " --help' explains it";
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().getFirst();
      Optional<String> likely = Spelling.nearest(word, words(command));
      return Failure.of(
          Exit.USAGE,
          "'" + name + "' does not know '" + word + "'",
          likely.map(near -> "did you mean '" + near + "'? ").orElse("") + hint);
    }
    return Failure.of(Exit.USAGE, e.getMessage().replaceFirst("^Error: ", ""), hint);
  }

  private static List<String> words(CommandLine command) {
    List<String> words = new ArrayList<>(command.getSubcommands().keySet());
    words.addAll(command.getCommandSpec().optionsMap().keySet());
    return words;
  }
}
