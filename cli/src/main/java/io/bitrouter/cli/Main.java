package io.bitrouter.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Entry point of the terminal program. */
public final class Main {
  /** No exit code: the partial tree could not tell. */
  private static final int INCOMPLETE = -1;

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
    int code = execute(CommandTree.forArguments(cli, Arrays.asList(arguments)), true);
    return code == INCOMPLETE ? execute(CommandTree.whole(cli), false) : code;
  }

  private void chooseFormat() {
    String wanted = world.variable("BITROUTER_OUTPUT").orElse("text");
    output.json(wanted.equals("json") || Arrays.asList(arguments).contains("--json"));
    if (!wanted.equals("json") && !wanted.equals("text")) {
      throw Failure.of(Exit.USAGE, "BITROUTER_OUTPUT must be text or json, not " + wanted);
    }
  }

  /** Whether a command, not a group of them, is to be run and not explained. */
  private static boolean isCommand(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return last.commandSpec().userObject() instanceof Method && !last.isUsageHelpRequested();
  }

  /**
   * Runs the command. A partial tree gives up without a word when help is wanted or something is
   * mistyped: that needs all commands, to show or to suggest.
   */
  private int execute(CommandLine tree, boolean partial) {
    StringWriter text = new StringWriter();
    tree.setOut(new PrintWriter(text));
    tree.setParameterExceptionHandler((e, args) -> partial ? INCOMPLETE : fail(usage(e)));
    tree.setExecutionExceptionHandler((e, command, parsed) -> fail(failure(e)));
    tree.setExecutionStrategy(parsed ->
        partial && !isCommand(parsed) ? INCOMPLETE : new CommandLine.RunLast().execute(parsed));
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
    return Failure.of(
        Exit.USAGE, String.valueOf(e.getMessage()).replaceFirst("^Error: ", ""), hint);
  }

  private static List<String> words(CommandLine command) {
    List<String> words = new ArrayList<>(command.getSubcommands().keySet());
    words.addAll(command.getCommandSpec().optionsMap().keySet());
    return words;
  }
}
