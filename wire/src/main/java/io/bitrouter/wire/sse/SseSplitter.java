package io.bitrouter.wire.sse;

import java.nio.ByteBuffer;

/**
 * Splits a stream of server-sent events into events by the WHATWG rules, wherever the bytes were
 * split on the way: lines end with LF, CRLF or CR, one byte order mark may come first, a blank line
 * ends an event, lines that begin with a colon are comments.
 *
 * <p>Every byte is handed over exactly once and in order. An event that lies within one chunk is
 * handed over in place; otherwise its beginning is kept until its end is there. Comments are handed
 * over at the end of their line, so that a keep-alive is not held up. A CR that is the last byte of
 * a chunk is looked at when the next byte is there, because a LF may belong to it.
 *
 * <p>An event of more than {@link #MAX_EVENT_BYTES} is not kept and not parsed: its bytes are
 * handed over as they come, as {@link Receiver#oversized}. Not thread-safe.
 */
public final class SseSplitter {

  /** Most bytes of an event that is parsed. */
  public static final int MAX_EVENT_BYTES = 8 << 20;

  private static final int KEPT_BUFFER = 64 << 10;

  /** Takes what the splitter finds. */
  public interface Receiver {

    /**
     * Takes a whole event, or comments or blank lines between events (without data lines). The
     * event is valid until this returns.
     */
    void event(SseEvent event);

    /** Takes bytes of an event that is too large to be kept; the last ones are its blank line. */
    void oversized(byte[] bytes, int from, int to);

    /**
     * Takes an event whose blank line is missing because the stream ended; its last line can lack
     * its end too.
     */
    void unfinished(SseEvent event);
  }

  private final int maxEventBytes;
  private final Receiver receiver;
  private final SseEvent event = new SseEvent();
  private byte[] scratch = {};
  private byte[] pending = {};
  private int pendingFrom;
  private int pendingTo;
  // Relative to the first byte of the event that is being read.
  private int cursor;
  private int lineStart;
  private boolean streamStart = true;
  private boolean oversize;
  private boolean oversizeComment;
  private boolean ended;

  /** A splitter for one stream. */
  public SseSplitter(Receiver receiver) {
    this(receiver, MAX_EVENT_BYTES);
  }

  /** A splitter with its own bound on the size of an event. */
  SseSplitter(Receiver receiver, int maxEventBytes) {
    this.receiver = receiver;
    this.maxEventBytes = maxEventBytes;
  }

  /** Takes the bytes that {@code chunk} has left, see the other method. */
  public void accept(ByteBuffer chunk) {
    int length = chunk.remaining();
    if (chunk.hasArray()) {
      accept(chunk.array(), chunk.arrayOffset() + chunk.position(), length);
      chunk.position(chunk.limit());
      return;
    }
    if (scratch.length < length) {
      scratch = new byte[length];
    }
    chunk.get(scratch, 0, length);
    accept(scratch, 0, length);
  }

  /**
   * Takes the next {@code length} bytes of the stream. What is handed over stays in place until the
   * next call.
   */
  public void accept(byte[] bytes, int from, int length) {
    if (pendingFrom == pendingTo) {
      int start = scan(bytes, from, from + length);
      append(bytes, start, from + length - start);
    } else {
      append(bytes, from, length);
      pendingFrom = scan(pending, pendingFrom, pendingTo);
    }
  }

  /**
   * Whether part of an event that is too large to be kept has been handed over, but not its end.
   */
  boolean insideOversized() {
    return oversize;
  }

  /**
   * Says that the stream has ended.
   *
   * @return whether it ended inside of an oversized event
   */
  public boolean end() {
    ended = true;
    int start = scan(pending, pendingFrom, pendingTo);
    if (start < pendingTo && !oversize) {
      int lineFrom = start + lineStart;
      if (lineFrom < pendingTo) {
        line(pending, start, lineFrom, pendingTo);
      }
      event.complete(pending, start, pendingTo);
      receiver.unfinished(event);
    }
    pendingFrom = pendingTo;
    return oversize;
  }

  /** Hands over what is complete; returns where the event begins that is not. */
  private int scan(byte[] bytes, int from, int end) {
    int start = from;
    int line = from + lineStart;
    int at = from + cursor;
    while (at < end) {
      byte b = bytes[at];
      if (b != '\n' && b != '\r') {
        at++;
        continue;
      }
      int next = at + 1;
      if (b == '\r') {
        if (next == end && !ended) {
          break;
        }
        if (next < end && bytes[next] == '\n') {
          next++;
        }
      }
      if (endsEvent(bytes, start, line, at)) {
        dispatch(bytes, start, next);
        start = next;
      }
      line = next;
      at = next;
    }
    if (oversize || at - start > maxEventBytes) {
      oversize(bytes, line, at);
      if (at > start) {
        receiver.oversized(bytes, start, at);
      }
      // Inside of a line no later position can be taken for the beginning of one.
      line = line == at ? at : at - 1;
      start = at;
    }
    cursor = at - start;
    lineStart = line - start;
    return start;
  }

  /**
   * Notes what kind of event becomes too large in the line at {@code from}, of which there are
   * bytes up to {@code to}: a comment between events ends with its line, whatever its size.
   */
  private void oversize(byte[] bytes, int from, int to) {
    if (!oversize) {
      oversize = true;
      int text = streamStart ? textFrom(bytes, from, to) : from;
      oversizeComment = !event.hasFields() && text < to && bytes[text] == ':';
      streamStart = false;
    }
  }

  /** Reads the line that ends at {@code lineEnd}; whether what began at {@code start} ends too. */
  private boolean endsEvent(byte[] bytes, int start, int lineFrom, int lineEnd) {
    if (oversize) {
      return oversizeComment || lineFrom == lineEnd;
    }
    boolean blank = line(bytes, start, lineFrom, lineEnd);
    return blank || !event.hasFields();
  }

  /** Reads one line, whether it was blank. */
  private boolean line(byte[] bytes, int start, int lineFrom, int lineEnd) {
    int from = streamStart ? textFrom(bytes, lineFrom, lineEnd) : lineFrom;
    streamStart = false;
    if (from == lineEnd) {
      return true;
    }
    event.line(bytes, start, from, lineEnd);
    return false;
  }

  /** Where the stream's first line begins, of which a byte order mark is not a part. */
  private static int textFrom(byte[] bytes, int from, int to) {
    return to - from >= 3
            && bytes[from] == (byte) 0xEF
            && bytes[from + 1] == (byte) 0xBB
            && bytes[from + 2] == (byte) 0xBF
        ? from + 3
        : from;
  }

  private void dispatch(byte[] bytes, int start, int end) {
    if (oversize || end - start > maxEventBytes) {
      oversize = false;
      receiver.oversized(bytes, start, end);
    } else {
      event.complete(bytes, start, end);
      receiver.event(event);
    }
    event.clear();
  }

  private void append(byte[] bytes, int from, int length) {
    int kept = pendingTo - pendingFrom;
    int needed = kept + length;
    if (kept == 0 && pending.length > KEPT_BUFFER) {
      pending = new byte[] {};
    }
    if (needed > pending.length) {
      byte[] larger = new byte[Math.max(needed, Math.max(512, 2 * kept))];
      System.arraycopy(pending, pendingFrom, larger, 0, kept);
      pending = larger;
    } else if (pendingFrom > 0) {
      System.arraycopy(pending, pendingFrom, pending, 0, kept);
    }
    System.arraycopy(bytes, from, pending, kept, length);
    pendingFrom = 0;
    pendingTo = needed;
  }
}
