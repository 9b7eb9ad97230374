package io.bitrouter.it.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes that {@link CheapUpstream} answers with, made once. Immutable. */
final class CheapAnswers {

  /** Length of the body of a whole answer, as in the published comparisons. */
  private static final int WHOLE_BYTES = 1_091;

  /** Length of one event of a stream, head and framing apart. */
  private static final int EVENT_BYTES = 260;

  private static final String USAGE =
      "\"usage\":{\"prompt_tokens\":420,\"completion_tokens\":50,\"total_tokens\":470}";

  private final byte[] whole;
  private final byte[][] chunks;

  CheapAnswers(int count) {
    whole = wholeAnswer();
    chunks = new byte[count][];
    for (int i = 0; i < count; i++) {
      String text = i == 0 ? head("text/event-stream", "transfer-encoding: chunked") : "";
      text += framed(event("{\"content\":\"%s\"}", "null"));
      if (i == count - 1) {
        text += framed(event("{}", "\"stop\""));
        text += framed("data: {\"id\":\"c\",\"choices\":[]," + USAGE + "}\n\n");
        text += framed("data: [DONE]\n\n") + "0\r\n\r\n";
      }
      chunks[i] = ascii(text);
    }
  }

  /** A whole answer, to be read once. */
  ByteBuffer whole() {
    return ByteBuffer.wrap(whole);
  }

  /** Chunk {@code index} of a stream, to be read once; the first begins with the head. */
  ByteBuffer chunk(int index) {
    return ByteBuffer.wrap(chunks[index]);
  }

  /** Whether {@code index} is the last chunk. */
  boolean last(int index) {
    return index == chunks.length - 1;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The body of a whole answer. */
  static String wholeBody() {
    String body =
        "{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion\",\"created\":1767225600,"
            + "\"model\":\"bench\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
            + "\"content\":\"%s\"},\"finish_reason\":\"stop\"}],"
            + USAGE
            + "}";
    return padded(body, WHOLE_BYTES);
  }

  private static byte[] wholeAnswer() {
    String body = wholeBody();
    return ascii(head("application/json", "content-length: " + body.length()) + body);
  }

  private static String event(String delta, String finish) {
    String event =
        "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\","
            + "\"created\":1767225600,\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":"
            + delta
            + ",\"finish_reason\":"
            + finish
            + "}]}\n\n";
    return padded(event, EVENT_BYTES);
  }

  private static String padded(String pattern, int length) {
    return pattern.replace("%s", "x".repeat(Math.max(1, length - pattern.length() + 2)));
  }

  private static String head(String contentType, String framing) {
    return "HTTP/1.1 200 OK\r\ncontent-type: " + contentType + "\r\n" + framing + "\r\n\r\n";
  }

  private static String framed(String event) {
    return Integer.toHexString(event.length()) + "\r\n" + event + "\r\n";
  }
}
