package io.bitrouter.cli;

import io.bitrouter.wire.control.ControlJson;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a command writes: data to standard output, all else to standard error, both without the
 * control characters that a server could use to play tricks on a terminal.
 */
final class Output {
  /** Control characters, line ends and the marks that reverse the direction of writing. */
  private static final Pattern HARMFUL =
      Pattern.compile("[\\x00-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]");

  private static final String ACTIVE = "(active)";

  private final PrintStream out;
  private final PrintStream err;
  private final World.Terminals terminals;
  private final boolean colour;
  private boolean json;

  Output(World world) {
    this.out = world.out();
    this.err = world.err();
    this.terminals = world.terminals();
    this.colour =
        world.variable("NO_COLOR").isEmpty() && !world.variable("TERM").equals(Optional.of("dumb"));
  }

  void json(boolean wanted) {
    json = wanted;
  }

  boolean json() {
    return json;
  }

  boolean colourful() {
    return colour && terminals.out();
  }

  /** One line of data. */
  void line(String text) {
    out.print(clean(text) + "\n");
  }

  /** Several lines of our own making, such as usage help. */
  void text(String lines) {
    out.print(lines);
  }

  /** One line for the person, not data. */
  void note(String text) {
    err.print(clean(text) + "\n");
    err.flush();
  }

  /** A question; the answer is typed behind it. */
  void ask(String question) {
    err.print(clean(question) + " ");
    err.flush();
  }

  /** The server's JSON as it came, ended by a line break. */
  void passThrough(byte[] body) {
    raw(body, body.length);
    if (body.length == 0 || body[body.length - 1] != '\n') {
      out.write('\n');
    }
  }

  void object(Map<String, ? extends @Nullable Object> members) {
    out.print(ControlJson.text(members) + "\n");
  }

  /**
   * Bytes as they came, at once. Only a terminal is protected from control characters: a file or
   * pipe gets every byte.
   */
  void raw(byte[] bytes, int length) {
    byte[] shown = bytes;
    if (terminals.out()) {
      shown = Arrays.copyOf(bytes, length);
      for (int i = 0; i < length; i++) {
        byte b = shown[i];
        if ((b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') || b == 0x7f) {
          shown[i] = '?';
        }
      }
    }
    out.write(shown, 0, length);
    out.flush();
  }

  /** Whether nobody reads the data any more. */
  boolean closed() {
    return out.checkError();
  }

  /** Rows of equal length in aligned columns, two spaces apart, the first at least so wide. */
  void table(List<List<String>> rows, int... least) {
    int[] widths = Arrays.copyOf(least, rows.isEmpty() ? 0 : rows.getFirst().size());
    List<List<String>> clean =
        rows.stream().map(row -> row.stream().map(Output::clean).toList()).toList();
    clean.forEach(row -> Arrays.setAll(widths, i -> Math.max(widths[i], width(row.get(i)))));
    for (List<String> row : clean) {
      StringBuilder padded = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        padded.append(row.get(i)).repeat(' ', widths[i] - width(row.get(i)) + 2);
      }
      String line = padded.toString().stripTrailing();
      if (colourful() && line.endsWith("  " + ACTIVE)) {
        line = line.replace("  " + ACTIVE, "  \u001b[32m" + ACTIVE + "\u001b[0m");
      }
      out.print(line + "\n");
    }
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  /** Label and value, one pair a line, values aligned. */
  void fields(Map<String, String> fields) {
    table(fields.entrySet().stream().map(f -> List.of(f.getKey() + ":", f.getValue())).toList());
  }

  /**
   * The failure as one line, and its hint as a second; in JSON as one object.
   *
   * @return its exit code
   */
  int failure(Failure failure) {
    String message = masked(failure.message);
    Optional<String> hint = failure.hint.map(Output::masked);
    Optional<String> request = failure.refusal.flatMap(Failure.Refusal::requestId);
    if (json) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("code", failure.refusal.map(Failure.Refusal::code).orElse(failure.exit.word));
      object.put("message", message);
      object.put("hint", hint.orElse(null));
      object.put("request_id", request.orElse(null));
      object.put("status", failure.refusal.map(Failure.Refusal::status).orElse(null));
      err.print(ControlJson.text(object) + "\n");
    } else {
      String label = colour && terminals.err() ? "\u001b[31merror:\u001b[0m " : "error: ";
      String suffix = request.map(id -> " (request " + clean(id) + ")").orElse("");
      err.print(label + message + suffix + "\n");
      hint.ifPresent(text -> err.print("hint: " + text + "\n"));
    }
    err.flush();
    return failure.exit.code;
  }

  void flush() {
    out.flush();
    err.flush();
  }

  /** Clean, and without a token that somebody put where none belongs. */
  private static String masked(String text) {
    return clean(text).replaceAll("(br[a-z]_[0-9A-Za-z]+)\\.[0-9A-Za-z]+", "$1.[secret]");
  }

  /** On one line and without anything that moves the cursor. */
  static String clean(String text) {
    return HARMFUL.matcher(text.replace('\n', ' ').replace('\t', ' ')).replaceAll("");
  }
}
