package io.bitrouter.wire.sse;

import io.bitrouter.wire.fuzz.Splits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The rules of the specification written down plainly, and whether the product's reader says the
 * same, wherever a stream is split.
 */
public final class SseReference {

  private static final int SMALL = 48;

  private SseReference() {}

  /** Fails when the product's reader says something else of {@code stream}. */
  public static void check(byte[] stream) {
    check(stream, parts -> SseSplitterTest.read(parts, 1 << 20));
    String bounded = SseSplitterTest.read(List.of(stream), SMALL).toString();
    for (List<byte[]> parts : Splits.of(stream)) {
      String said = SseSplitterTest.read(parts, SMALL).toString();
      if (!said.equals(bounded)) {
        throw new AssertionError("small events, split: " + said + "\ninstead of " + bounded);
      }
    }
  }

  /** The same of another {@code reader}. */
  static void check(byte[] stream, Function<List<byte[]>, SseSplitterTest.Said> reader) {
    List<String> expected = events(stream);
    String bytes = reader.apply(List.of(stream)).bytes();
    for (List<byte[]> parts : Splits.of(stream)) {
      SseSplitterTest.Said said = reader.apply(parts);
      if (!said.events().equals(expected)) {
        throw new AssertionError("read " + said.events() + "\ninstead of " + expected);
      }
      if (!said.bytes().equals(bytes)
          || !bytes.equals(new String(stream, StandardCharsets.UTF_8))) {
        throw new AssertionError("handed over " + said.bytes() + "\ninstead of " + bytes);
      }
    }
  }

  /** Events as {@code name|data}; one byte is one character until a text is complete. */
  private static List<String> events(byte[] stream) {
    String text = new String(stream, StandardCharsets.ISO_8859_1);
    List<String> events = new ArrayList<>();
    List<String> data = new ArrayList<>();
    String name = "";
    boolean first = true;
    // A last line without an end is a line too; an empty one behind the last end is none.
    String[] lines = text.split("\r\n|\n|\r", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i];
      if (first && line.startsWith("\u00ef\u00bb\u00bf")) {
        line = line.substring(3);
      }
      first = false;
      if (i == lines.length - 1 && line.isEmpty()) {
        break;
      }
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          events.add(event(name, data));
        }
        data.clear();
        name = "";
        continue;
      }
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1);
      value = value.startsWith(" ") ? value.substring(1) : value;
      if (field.equals("data")) {
        data.add(value);
      } else if (field.equals("event")) {
        name = value;
      }
    }
    if (!data.isEmpty()) {
      events.add("unfinished " + event(name, data));
    }
    return events;
  }

  private static String event(String name, List<String> data) {
    String latin = name + "|" + String.join("\n", data);
    int bar = name.length();
    return utf8(latin.substring(0, bar)) + "|" + utf8(latin.substring(bar + 1));
  }

  private static String utf8(String latin) {
    return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
