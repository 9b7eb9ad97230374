package io.bitrouter.it.bench;

import java.util.Arrays;

/**
 * Finds the end of an answer without keeping it: by its content length, or by the last chunk of a
 * chunked body. Used by one thread at a time.
 */
final class AnswerEnd {

  private static final int LONGEST_HEAD = 8_192;
  private static final byte[] LAST_CHUNK = CheapAnswers.ascii("0\r\n\r\n");
  private static final byte[] CHUNKED = CheapAnswers.ascii("transfer-encoding: chunked");

  private final byte[] head = new byte[LONGEST_HEAD];
  private final byte[] tail = new byte[LAST_CHUNK.length];
  private int headLength;
  private boolean inBody;
  private boolean chunked;
  private boolean ok;
  private int left;
  private boolean bodySeen;
  private boolean complete;

  /** Forgets the last answer. */
  void begin() {
    headLength = 0;
    inBody = false;
    bodySeen = false;
    complete = false;
    Arrays.fill(tail, (byte) 0);
  }

  /** Takes the next bytes. */
  void accept(byte[] bytes, int length) {
    if (inBody) {
      body(bytes, 0, length);
      return;
    }
    int copied = Math.min(length, head.length - headLength);
    System.arraycopy(bytes, 0, head, headLength, copied);
    int before = headLength;
    headLength += copied;
    int end = HttpBytes.endOfHead(head, headLength);
    if (end < 0) {
      if (headLength == head.length) {
        throw new IllegalStateException("a head of more than " + LONGEST_HEAD + " bytes");
      }
      return;
    }
    inBody = true;
    ok = head[9] == '2';
    chunked = HttpBytes.indexOf(head, 0, end, CHUNKED) >= 0;
    left = HttpBytes.contentLength(head, end);
    body(bytes, end - before, length);
  }

  private void body(byte[] bytes, int from, int length) {
    int count = length - from;
    bodySeen |= count > 0;
    if (!chunked) {
      left -= count;
      complete = left <= 0;
      return;
    }
    for (int i = Math.max(from, length - tail.length); i < length; i++) {
      System.arraycopy(tail, 1, tail, 0, tail.length - 1);
      tail[tail.length - 1] = bytes[i];
    }
    complete = Arrays.equals(tail, LAST_CHUNK);
  }

  /** Whether something of the body has come. */
  boolean bodySeen() {
    return bodySeen;
  }

  /** Whether all of it has. */
  boolean complete() {
    return complete;
  }

  /** Whether the status was a good one. */
  boolean ok() {
    return ok;
  }
}
