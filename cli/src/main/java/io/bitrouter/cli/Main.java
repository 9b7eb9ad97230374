package io.bitrouter.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Entry point of the terminal program. */
public final class Main {
  /** No exit code: the partial tree could not tell. */
  private static final int INCOMPLETE = -1;

  private Main() {}

  /** Runs the command that the arguments name and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(World.ofThisProcess(), arguments));
  }

  /** Runs one command in the given world and returns its exit code. */
  static int run(World world, String... arguments) {
    String[] words = arguments.length == 0 ? new String[] {"--help"} : arguments;
    Output output = new Output(world);
    try {
      chooseFormat(world, output, words);
      Cli cli = new Cli(world, output);
      int code = execute(CommandTree.forArguments(cli, Arrays.asList(words)), output, words, true);
      return code == INCOMPLETE ? execute(CommandTree.whole(cli), output, words, false) : code;
    } catch (Failure failure) {
      return output.failure(failure);
    } finally {
      output.flush();
    }
  }

  private static void chooseFormat(World world, Output output, String[] words) {
    String wanted = world.variable("BITROUTER_OUTPUT").orElse("text");
    boolean json =
        Arrays.stream(words).takeWhile(word -> !word.equals("--")).anyMatch("--json"::equals);
    output.json(wanted.equals("json") || json);
    if (!wanted.equals("json") && !wanted.equals("text")) {
      throw Failure.of(Exit.USAGE, "BITROUTER_OUTPUT must be text or json, not " + wanted);
    }
  }

  /**
   * Runs the command. A partial tree gives up without a word when help is wanted or something is
   * mistyped: that needs all commands, to show or to suggest.
   */
  private static int execute(CommandLine tree, Output output, String[] words, boolean partial) {
    StringWriter text = new StringWriter();
    tree.setOut(new PrintWriter(text));
    tree.setParameterExceptionHandler((e, args) -> partial ? INCOMPLETE : output.failure(usage(e)));
    tree.setExecutionExceptionHandler((e, command, parsed) -> output.failure(failure(e)));
    tree.setExecutionStrategy(parsed ->
        partial && !isCommand(parsed) ? INCOMPLETE : new CommandLine.RunLast().execute(parsed));
    int code = tree.execute(words);
    output.text(text.toString());
    return code;
  }

  /** Whether a command, not a group of them, is to be run and not explained. */
  private static boolean isCommand(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    Object command = last.commandSpec().userObject();
    return (command instanceof Method || command instanceof Runnable)
        && !last.isUsageHelpRequested();
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
      List<String> known = new ArrayList<>(command.getSubcommands().keySet());
      known.addAll(command.getCommandSpec().optionsMap().keySet());
      return Failure.of(
          Exit.USAGE,
          "'" + name + "' does not know '" + word + "'",
          Texts.nearest(word, known).map(near -> "did you mean '" + near + "'? ").orElse("")
              + hint);
    }
    return Failure.of(
        Exit.USAGE, String.valueOf(e.getMessage()).replaceFirst("^Error: ", ""), hint);
  }
}
