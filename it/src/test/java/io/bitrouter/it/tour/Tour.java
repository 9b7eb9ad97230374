package io.bitrouter.it.tour;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The steps of a tour in a Markdown text. Marks are comments of their own line, which readers do
 * not see:
 *
 * <ul>
 *   <li>{@code <!-- tour -->} before a fenced block: its commands are run, in one shell with those
 *       of the blocks before; every command must succeed.
 *   <li>{@code <!-- tour exit=3 -->}: the same, but the last command must end with that code.
 *   <li>{@code <!-- tour-output -->} before a fenced block: what the last block of commands shows,
 *       standard output and error together. Ids, tokens, times, amounts, process ids, addresses and
 *       runs of spaces are compared by kind only, see {@link Shown}; a line {@code …} or {@code
 *       ...} stands for any number of lines.
 * </ul>
 *
 * Blocks without a mark are prose.
 */
final class Tour {

  private static final Pattern RUN = Pattern.compile("<!-- tour(?: exit=(\\d+))? -->");
  private static final Pattern OUTPUT = Pattern.compile("<!-- tour-output -->");
  private static final String FENCE = "```";

  private Tour() {}

  /**
   * One step.
   *
   * @param line line of the first command in the text, from 1
   * @param commands what is run
   * @param exit the exit code of the last command
   * @param output what it shows, when the text says so
   */
  record Step(int line, String commands, int exit, Optional<String> output) {}

  /** The steps in {@code markdown}, in their order. */
  static List<Step> steps(String markdown) {
    List<String> lines = markdown.lines().toList();
    List<Step> steps = new ArrayList<>();
    int i = 0;
    while (i < lines.size()) {
      String line = lines.get(i).strip();
      Matcher run = RUN.matcher(line);
      if (run.matches()) {
        int fence = fenceAfter(lines, i);
        int exit = run.group(1) == null ? 0 : Integer.parseInt(run.group(1));
        steps.add(new Step(fence + 2, block(lines, fence), exit, Optional.empty()));
        i = fence;
      } else if (OUTPUT.matcher(line).matches()) {
        if (steps.isEmpty()) {
          throw new IllegalArgumentException("line " + (i + 1) + ": output before any command");
        }
        int fence = fenceAfter(lines, i);
        Step last = steps.removeLast();
        steps.add(
            new Step(last.line(), last.commands(), last.exit(), Optional.of(block(lines, fence))));
        i = fence;
      } else if (line.startsWith("<!-- tour")) {
        throw new IllegalArgumentException("line " + (i + 1) + ": not a mark: " + line);
      } else if (!line.startsWith(FENCE)) {
        i++;
        continue;
      }
      i = endOfBlock(lines, i) + 1;
    }
    return List.copyOf(steps);
  }

  private static int fenceAfter(List<String> lines, int mark) {
    int i = mark + 1;
    while (i < lines.size() && lines.get(i).isBlank()) {
      i++;
    }
    if (i == lines.size() || !lines.get(i).strip().startsWith(FENCE)) {
      throw new IllegalArgumentException(
          "line " + (mark + 1) + ": no fenced block follows the mark");
    }
    return i;
  }

  private static String block(List<String> lines, int fence) {
    return String.join("\n", lines.subList(fence + 1, endOfBlock(lines, fence)));
  }

  private static int endOfBlock(List<String> lines, int fence) {
    for (int i = fence + 1; i < lines.size(); i++) {
      if (lines.get(i).strip().equals(FENCE)) {
        return i;
      }
    }
    throw new IllegalArgumentException("line " + (fence + 1) + ": the block has no end");
  }
}
