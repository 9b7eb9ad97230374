package io.bitrouter.cli;

import io.bitrouter.wire.control.ControlJson;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a command writes: data to standard output, all else to standard error, both without the
 * control characters that a server could use to play tricks on a terminal.
 */
final class Output {
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
        world.variable("NO_COLOR").isEmpty()
            && !world.variable("TERM").equals(java.util.Optional.of("dumb"));
  }

  /** Chooses JSON (true) or text (false). */
  void json(boolean wanted) {
    json = wanted;
  }

  /** Whether data and errors are JSON. */
  boolean json() {
    return json;
  }

  /** Whether standard output shows colours. */
  boolean colourful() {
    return colour && terminals.out();
  }

  /** One line of data. */
  void line(String text) {
    out.print(clean(text) + "\n");
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

  /** An object of our own as one line of JSON; members without a value are null. */
  void object(Map<String, ? extends @Nullable Object> members) {
    out.print(ControlJson.text(members) + "\n");
  }

  /**
   * Bytes as they came, at once. Only a terminal is protected from control characters: a file or
   * pipe gets every byte.
   *
   * @return false when nobody reads them any more
   */
  boolean raw(byte[] bytes, int length) {
    if (terminals.out()) {
      byte[] harmless = bytes.clone();
      for (int i = 0; i < length; i++) {
        byte b = harmless[i];
        if ((b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') || b == 0x7f) {
          harmless[i] = '?';
        }
      }
      out.write(harmless, 0, length);
    } else {
      out.write(bytes, 0, length);
    }
    return !out.checkError();
  }

  /** Rows in aligned columns, two spaces apart; the last column is not padded. */
  void table(List<List<String>> rows) {
    List<List<String>> cells = new ArrayList<>();
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      List<String> line = row.stream().map(Output::clean).toList();
      cells.add(line);
      for (int i = 0; i < line.size(); i++) {
        int width = line.get(i).codePointCount(0, line.get(i).length());
        if (i == widths.size()) {
          widths.add(width);
        } else {
          widths.set(i, Math.max(widths.get(i), width));
        }
      }
    }
    for (List<String> row : cells) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String cell = row.get(i);
        line.append(cell).repeat(' ', widths.get(i) - cell.codePointCount(0, cell.length()) + 2);
      }
      String text = line.toString().stripTrailing();
      out.print(marked(text) + "\n");
    }
  }

  /** Label and value, one pair a line, values aligned. */
  void fields(Map<String, String> fields) {
    table(fields.entrySet().stream().map(f -> List.of(f.getKey() + ":", f.getValue())).toList());
  }

  /** The failure as one line, and its hint as a second; in JSON as one object. */
  void failure(Failure failure) {
    Failure.Details details = failure.details();
    if (json) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("code", details.code());
      object.put("message", clean(failure.getMessage()));
      object.put("hint", details.hint().map(Output::clean).orElse(null));
      object.put("request_id", details.requestId().orElse(null));
      object.put("status", details.status().isPresent() ? details.status().getAsInt() : null);
      err.print(ControlJson.text(object) + "\n");
    } else {
      String label = colour && terminals.err() ? "\u001b[31merror:\u001b[0m " : "error: ";
      String request = details.requestId().map(id -> " (request " + clean(id) + ")").orElse("");
      err.print(label + clean(failure.getMessage()) + request + "\n");
      details.hint().ifPresent(hint -> err.print("hint: " + clean(hint) + "\n"));
    }
    err.flush();
  }

  void flush() {
    out.flush();
    err.flush();
  }

  /** Several lines of our own making, such as usage help. */
  void text(String lines) {
    out.print(lines);
  }

  /** Whether nobody reads the data any more. */
  boolean closed() {
    return out.checkError();
  }

  private String marked(String row) {
    String mark = "(active)";
    return colourful() && row.endsWith("  " + mark)
        ? row.substring(0, row.length() - mark.length()) + "\u001b[32m" + mark + "\u001b[0m"
        : row;
  }

  /**
   * Without control characters, line breaks and the marks that reverse the direction of writing.
   */
  static String clean(String text) {
    if (text.chars().noneMatch(Output::isHarmful)) {
      return text;
    }
    StringBuilder clean = new StringBuilder(text.length());
    text.chars()
        .forEach(c -> {
          if (c == '\n' || c == '\t') {
            clean.append(' ');
          } else if (!isHarmful(c)) {
            clean.append((char) c);
          }
        });
    return clean.toString();
  }

  private static boolean isHarmful(int c) {
    return c < ' '
        || (c >= 0x7f && c < 0xa0)
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0x200e
        || c == 0x200f;
  }

  /** UTF-8 bytes of a text. */
  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
