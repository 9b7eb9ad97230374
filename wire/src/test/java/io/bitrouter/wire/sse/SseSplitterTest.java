package io.bitrouter.wire.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SseSplitterTest {

  @Test
  void dispatchesByTheRulesOfTheSpecification() {
    assertThat(events("data: a\n\n")).containsExactly("|a");
    assertThat(events("data:a\ndata\ndata:  b\n\n")).containsExactly("|a\n\n b");
    assertThat(events("event: e\ndata: a\nid: 7\nretry: 1\n\ndata:b\n\n"))
        .containsExactly("e|a", "|b");
    assertThat(events("event: x\nevent: y\ndata: a\n\n")).containsExactly("y|a");
    assertThat(events("\uFEFFdata: a\n\n\uFEFFdata: b\n\n")).containsExactly("|a");
    assertThat(events(": comment\n\n\n\ndata: a\n: c\n\n")).containsExactly("|a");
    assertThat(events("data: a\r\rdata: b\r\n\r\ndata: c\n\r\n")).containsExactly("|a", "|b", "|c");
    assertThat(events("Data: no\ndatax: no\n data: no\n\n")).isEmpty();
    assertThat(events("data: unfinished\n")).containsExactly("unfinished |unfinished");
    assertThat(events("event: e\ndata: unfinished")).containsExactly("unfinished e|unfinished");
    assertThat(events("data: a\r\n\r")).containsExactly("|a");
  }

  @Test
  void saysTheSameAtEverySplit() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String[] pieces = {
      "data: a",
      "data:",
      "\n",
      "\r\n",
      "\r",
      "\n\n",
      "\r\n\r\n",
      ":c",
      "event: e",
      "\uFEFF",
      " ",
      "é",
      "id: 1",
      "x"
    };
    for (int run = 0; run < 300; run++) {
      StringBuilder stream = new StringBuilder();
      for (int i = random.nextInt(14); i >= 0; i--) {
        stream.append(pieces[random.nextInt(pieces.length)]);
      }
      byte[] bytes = stream.toString().getBytes(StandardCharsets.UTF_8);
      assertThat(SplitCheck.differing(bytes, parts -> read(parts, 1 << 20)))
          .as("seed %d, run %d", seed, run)
          .isEmpty();
      assertThat(read(List.of(bytes), 1 << 20).bytes())
          .as("seed %d, run %d: every byte once, in order", seed, run)
          .isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  @Test
  void handsOversizedEventsOverUnread() {
    String large = "data: " + "x".repeat(50) + "\r\ndata: y\r\n\r\n";
    String stream = "data: a\n\n" + large + "data: b\n\n" + large + large + "data: c\n\n";
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);

    assertThat(read(List.of(bytes), 40).events()).containsExactly("|a", "|b", "|c");
    assertThat(SplitCheck.differing(bytes, parts -> read(parts, 40))).isEmpty();
    assertThat(read(List.of(bytes), 40).bytes()).isEqualTo(stream);
  }

  /** It took the next event with it, unless it came in one piece. */
  @Test
  void anOversizedCommentEndsWithItsLine() {
    for (String mark : new String[] {"", "\uFEFF"}) {
      String stream = mark + ": " + "x".repeat(50) + "\r\ndata: a\n\n";
      byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
      assertThat(read(List.of(bytes), 40).events()).containsExactly("|a");
      assertThat(SplitCheck.differing(bytes, parts -> read(parts, 40))).isEmpty();
    }
  }

  /** It was taken for the stream's first bytes, unless the comment came in one piece. */
  @Test
  void aMarkBehindAnOversizedCommentIsNoByteOrderMark() {
    String stream = ":" + "x".repeat(50) + "\n\uFEFFdata: a\n\ndata: b\n\n";
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    assertThat(read(List.of(bytes), 40).events()).containsExactly("|b");
    assertThat(SplitCheck.differing(bytes, parts -> read(parts, 40))).isEmpty();
  }

  @Test
  void saysWhetherTheStreamEndedInsideAnOversizedEvent() {
    Recorder recorder = new Recorder();
    SseSplitter splitter = new SseSplitter(recorder, 10);
    byte[] bytes = "data: 0123456789".getBytes(StandardCharsets.UTF_8);
    splitter.accept(bytes, 0, bytes.length);
    assertThat(splitter.end()).isTrue();
    assertThat(recorder.bytes.toString(StandardCharsets.UTF_8)).isEqualTo("data: 0123456789");
  }

  /** What a splitter said: events as {@code name|data}, and all bytes it handed over. */
  record Said(List<String> events, String bytes) {}

  static Said read(List<byte[]> parts, int maxEventBytes) {
    Recorder recorder = new Recorder();
    SseSplitter splitter = new SseSplitter(recorder, maxEventBytes);
    for (byte[] part : parts) {
      // Surrounded by other bytes, which must not be read.
      byte[] around = new byte[part.length + 2];
      Arrays.fill(around, (byte) '\n');
      System.arraycopy(part, 0, around, 1, part.length);
      splitter.accept(around, 1, part.length);
    }
    splitter.end();
    return new Said(recorder.events, recorder.bytes.toString(StandardCharsets.UTF_8));
  }

  private static List<String> events(String stream) {
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    assertThat(SplitCheck.differing(bytes, parts -> read(parts, 1 << 20))).isEmpty();
    return read(List.of(bytes), 1 << 20).events();
  }

  private static final class Recorder implements SseSplitter.Receiver {
    private final List<String> events = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void event(SseEvent event) {
      if (event.dataLines() > 0) {
        events.add(event.name() + "|" + data(event));
      }
      append(event.bytes(), event.from(), event.to());
    }

    @Override
    public void oversized(byte[] array, int from, int to) {
      append(array, from, to);
    }

    @Override
    public void unfinished(SseEvent event) {
      if (event.dataLines() > 0) {
        events.add("unfinished " + event.name() + "|" + data(event));
      }
      append(event.bytes(), event.from(), event.to());
    }

    private static String data(SseEvent event) {
      return new String(event.data(), event.dataFrom(), event.dataLength(), StandardCharsets.UTF_8);
    }

    private void append(byte[] array, int from, int to) {
      bytes.write(array, from, to - from);
    }
  }
}
