package io.bitrouter.wire.sse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A view of one event in the splitter's bytes, reused for the next one: whoever receives it copies
 * what it keeps.
 */
public final class SseEvent {

  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};

  private static final byte[] NAME_LINE = {'e', 'v', 'e', 'n', 't', ':', ' '};
  private static final byte[] DATA_LINE = {'d', 'a', 't', 'a', ':', ' '};

  private byte[] bytes = {};
  private int from;
  private int to;
  // Relative to the event's first byte until the event is complete, because its bytes can move.
  private int dataFrom;
  private int dataTo;
  private int nameFrom;
  private int nameTo;
  private int dataLines;
  private boolean fields;
  private byte[] joined = {};
  private int joinedLength;

  SseEvent() {}

  /** The array that holds the event as received. */
  public byte[] bytes() {
    return bytes;
  }

  /** Index of the event's first byte as received. */
  public int from() {
    return from;
  }

  /** Index after the event's last byte as received, the blank line included. */
  public int to() {
    return to;
  }

  /** Number of {@code data} lines; an event without one is not dispatched to listeners. */
  public int dataLines() {
    return dataLines;
  }

  /** The array that holds the data: another one than {@link #bytes()} when it had several lines. */
  public byte[] data() {
    return dataLines > 1 ? joined : bytes;
  }

  /** Index of the first byte of the data in {@link #data()}. */
  public int dataFrom() {
    return dataLines > 1 ? 0 : from + dataFrom;
  }

  /** Number of bytes of the data. */
  public int dataLength() {
    return dataLines > 1 ? joinedLength : dataTo - dataFrom;
  }

  /** Whether the data is exactly {@code text}. */
  public boolean dataIs(byte[] text) {
    int at = dataFrom();
    return dataLength() == text.length
        && Arrays.equals(data(), at, at + text.length, text, 0, text.length);
  }

  /** Whether the event's name is exactly {@code name}. */
  public boolean isNamed(byte[] name) {
    return nameTo - nameFrom == name.length
        && Arrays.equals(bytes, from + nameFrom, from + nameTo, name, 0, name.length);
  }

  /** The event's name, empty when it has none. */
  public String name() {
    return new String(bytes, from + nameFrom, nameTo - nameFrom, StandardCharsets.UTF_8);
  }

  /** An event with one line of data; without a name when {@code name} is empty. */
  public static byte[] write(String name, byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(name.length() + data.length + 16);
    begin(name, out);
    out.writeBytes(data);
    end(out);
    return out.toByteArray();
  }

  /** Begins an event up to its one line of data, which is to be written next. */
  public static void begin(String name, ByteArrayOutputStream out) {
    if (!name.isEmpty()) {
      out.writeBytes(NAME_LINE);
      out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
      out.write('\n');
    }
    out.writeBytes(DATA_LINE);
  }

  /** Ends the event after its data. */
  public static void end(ByteArrayOutputStream out) {
    out.write('\n');
    out.write('\n');
  }

  void clear() {
    dataFrom = 0;
    dataTo = 0;
    nameFrom = 0;
    nameTo = 0;
    dataLines = 0;
    fields = false;
    joinedLength = 0;
  }

  /** Whether a line other than a comment has been read. */
  boolean hasFields() {
    return fields;
  }

  void complete(byte[] array, int start, int end) {
    bytes = array;
    from = start;
    to = end;
  }

  /** Reads one line of the event that begins at {@code start} in {@code array}. */
  void line(byte[] array, int start, int lineFrom, int lineTo) {
    if (array[lineFrom] == ':') {
      return;
    }
    fields = true;
    int colon = lineFrom;
    while (colon < lineTo && array[colon] != ':') {
      colon++;
    }
    int value = Math.min(colon + 1, lineTo);
    if (value < lineTo && array[value] == ' ') {
      value++;
    }
    if (Arrays.equals(array, lineFrom, colon, DATA, 0, DATA.length)) {
      data(array, start, value, lineTo);
    } else if (Arrays.equals(array, lineFrom, colon, EVENT, 0, EVENT.length)) {
      nameFrom = value - start;
      nameTo = lineTo - start;
    }
  }

  private void data(byte[] array, int start, int valueFrom, int valueTo) {
    dataLines++;
    if (dataLines == 1) {
      dataFrom = valueFrom - start;
      dataTo = valueTo - start;
      return;
    }
    if (dataLines == 2) {
      append(array, start + dataFrom, start + dataTo);
    }
    append(new byte[] {'\n'}, 0, 1);
    append(array, valueFrom, valueTo);
  }

  private void append(byte[] array, int start, int end) {
    int length = end - start;
    if (joinedLength + length > joined.length) {
      joined = Arrays.copyOf(joined, Math.max(2 * joined.length, joinedLength + length));
    }
    System.arraycopy(array, start, joined, joinedLength, length);
    joinedLength += length;
  }
}
