package io.bitrouter.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a provider would charge for, in an append-only file: one line when a request has been read
 * and is about to be answered, one when its answer has ended. A line is one write, so that it is
 * there whatever is killed afterwards. Requests are known by the marker in their body. Thread-safe.
 */
public final class Bill implements AutoCloseable {

  /** What a marker looks like, anywhere in a request's body. */
  public static final Pattern MARKER = Pattern.compile("mk-[0-9a-z]+(-[0-9a-z]+)*");

  private final FileChannel file;

  private Bill(FileChannel file) {
    this.file = file;
  }

  /** How a billed answer ended. */
  public enum End {
    /** It has not, or the provider died. */
    OPEN,
    /** In full. */
    COMPLETE,
    /** The peer went away. */
    BROKEN
  }

  /**
   * What is charged for one call.
   *
   * @param marker the request's marker
   * @param inputTokens prompt tokens
   * @param outputTokens tokens produced before the end
   * @param end how it ended
   */
  public record Item(String marker, int inputTokens, int outputTokens, End end) {}

  /** Continues the bill in {@code path}, or begins it. */
  public static Bill at(Path path) throws IOException {
    return new Bill(
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
  }

  /** The marker in a body; empty text when there is none. */
  public static String markerIn(String body) {
    Matcher matcher = MARKER.matcher(body);
    return matcher.find() ? matcher.group() : "";
  }

  /** Every call in the bill, in the order in which they came, by marker. */
  public static Map<String, List<Item>> read(Path path) throws IOException {
    Map<String, List<Item>> items = new LinkedHashMap<>();
    for (String line : Files.readAllLines(path, StandardCharsets.US_ASCII)) {
      List<String> words = List.of(line.split(" ", -1));
      String marker = words.get(1);
      int input = Integer.parseInt(words.get(2));
      if (words.get(0).equals("open")) {
        items
            .computeIfAbsent(marker, unused -> new ArrayList<>(1))
            .add(new Item(marker, input, 0, End.OPEN));
      } else {
        List<Item> calls = items.getOrDefault(marker, new ArrayList<>());
        End end = words.get(4).equals("complete") ? End.COMPLETE : End.BROKEN;
        calls.set(calls.size() - 1, new Item(marker, input, Integer.parseInt(words.get(3)), end));
      }
    }
    return items;
  }

  /** A call is about to be answered; one without a marker is not of interest. */
  public void open(String marker, int inputTokens) {
    if (marker.isEmpty()) {
      return;
    }
    append("open " + marker + " " + inputTokens + "\n");
  }

  /** Its answer has ended. */
  public void end(String marker, int inputTokens, int outputTokens, boolean complete) {
    if (marker.isEmpty()) {
      return;
    }
    append(
        "end %s %d %d %s\n"
            .formatted(marker, inputTokens, outputTokens, complete ? "complete" : "broken"));
  }

  private void append(String line) {
    try {
      file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
