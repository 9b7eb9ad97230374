package io.bitrouter.wire.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shows that the split check finds a splitter that loses what lies across two chunks. */
class SseSplitCanFailTest {

  private static final byte[] STREAM =
      "data: one\r\n\r\ndata: two\r\n\r\n".getBytes(StandardCharsets.UTF_8);

  @Test
  void reportsASplitterThatForgetsWhatAChunkLeftOver() {
    assertThat(SplitCheck.differing(STREAM, SseSplitCanFailTest::forgetful))
        .hasValueSatisfying(report -> assertThat(report).contains("split at 1"));
  }

  @Test
  void reportsASplitterThatTakesASplitLineEndForTwo() {
    assertThat(SplitCheck.differing(STREAM, SseSplitCanFailTest::takesCrlfForTwoLineEnds))
        .hasValueSatisfying(report -> assertThat(report).contains("split at 10"));
  }

  @Test
  void acceptsTheRealOne() {
    assertThat(SplitCheck.differing(STREAM, parts -> SseSplitterTest.read(parts, 1 << 20)))
        .isEmpty();
  }

  private static List<String> forgetful(List<byte[]> parts) {
    List<String> events = new ArrayList<>();
    for (byte[] part : parts) {
      String text = new String(part, StandardCharsets.UTF_8);
      int from = 0;
      for (int end; (end = text.indexOf("\r\n\r\n", from)) >= 0; from = end + 4) {
        events.add(text.substring(from, end));
      }
    }
    return events;
  }

  /** Keeps the rest, but looks at a CR before it knows what follows. */
  private static List<String> takesCrlfForTwoLineEnds(List<byte[]> parts) {
    List<String> events = new ArrayList<>();
    StringBuilder event = new StringBuilder();
    StringBuilder line = new StringBuilder();
    for (byte[] part : parts) {
      for (int i = 0; i < part.length; i++) {
        if (part[i] != '\r' && part[i] != '\n') {
          line.append((char) part[i]);
          continue;
        }
        if (part[i] == '\r' && i + 1 < part.length && part[i + 1] == '\n') {
          i++;
        }
        if (line.isEmpty()) {
          events.add(event.toString());
          event.setLength(0);
        }
        event.append(line);
        line.setLength(0);
      }
    }
    return events;
  }
}
