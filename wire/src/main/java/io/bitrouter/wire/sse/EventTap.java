package io.bitrouter.wire.sse;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.gateway.ByteSink;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.wire.error.UpstreamFault;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tap that looks at whole events and passes neighbouring ones on in one write. Events are passed
 * on in exactly the bytes in which they came unless a protocol decides otherwise; an upstream's
 * errors are written anew, because they can quote credentials.
 *
 * <p>The terminal event is held back, and nothing that follows it is passed on. An event that the
 * upstream left unfinished is completed with a blank line if it can be read, and otherwise dropped,
 * as a listener would: so that what is sent after it is an event of its own. An event that is too
 * large to be read is passed on unread and all its bytes count as content.
 */
public abstract class EventTap implements StreamTap {

  private static final byte[] BLANK_LINE = {'\n', '\n'};
  private static final byte[] NOTHING = {};

  /** What happens to an event. */
  protected enum Verdict {
    /** It is passed on. */
    PASS,
    /** It is taken out. */
    DROP,
    /** It is held back as the terminal one. */
    HOLD,
    /** It is held back until another one follows: it can be the last of a protocol without such. */
    DELAY
  }

  private final SseSplitter splitter = new SseSplitter(new Passing());
  private @Nullable ByteSink out;
  private byte[] run = NOTHING;
  private int runFrom;
  private int runTo;
  private byte[] held = NOTHING;
  private boolean terminated;

  /** Whether the answer has ended or failed: nothing more is passed on. */
  private boolean over;

  private @Nullable String finishReason;
  private @Nullable String error;
  private long outputBytes;
  private long largestChunkBytes;

  /** A tap for one stream. */
  protected EventTap() {}

  /**
   * Reads one event that has data. What replaces an event is written with {@link #replace} and the
   * event dropped.
   */
  protected abstract Verdict read(SseEvent event);

  /** Whether the data of an unfinished event is whole, so that it can be completed. */
  protected abstract boolean isWhole(SseEvent event);

  /** The usage so far, or of the whole answer when the terminal event was seen. */
  protected abstract Optional<MeasuredUsage> usage(boolean terminated);

  /** An upstream's error as an event of the protocol. */
  protected abstract byte[] errorEvent(UpstreamFault fault, String message);

  /** Whether the answer has come to its end, in a protocol without a terminal event. */
  protected boolean ended() {
    return false;
  }

  /**
   * Writes the events that end the answer as one that reached its output limit, after an event that
   * is held back.
   */
  protected abstract void writeCut(MeasuredUsage usage, ByteArrayOutputStream events);

  @Override
  public final void accept(ByteBuffer chunk, ByteSink sink) {
    out = sink;
    splitter.accept(chunk);
    flush();
    out = null;
  }

  @Override
  public final void upstreamEnded(ByteSink sink) {
    out = sink;
    boolean insideOversized = splitter.end();
    flush();
    if (insideOversized && !over) {
      sink.write(BLANK_LINE, 0, BLANK_LINE.length);
    }
    out = null;
  }

  @Override
  public final boolean contentSeen() {
    return outputBytes > 0;
  }

  @Override
  public final long outputBytes() {
    return outputBytes;
  }

  @Override
  public final Optional<MeasuredUsage> usage() {
    return usage(terminated);
  }

  /** {@inheritDoc} The unfinished event that the splitter still has is dropped. */
  @Override
  public final byte[] cut(MeasuredUsage usage) {
    if (terminated) {
      return held.clone();
    }
    ByteArrayOutputStream events = new ByteArrayOutputStream(256);
    events.writeBytes(held);
    if (splitter.insideOversized()) {
      events.writeBytes(BLANK_LINE);
    }
    writeCut(usage, events);
    return events.toByteArray();
  }

  @Override
  public final StreamReport report() {
    return new StreamReport(
        terminated || ended(),
        usage(terminated),
        Optional.ofNullable(finishReason),
        Optional.ofNullable(error),
        outputBytes,
        largestChunkBytes,
        held.clone());
  }

  /** Counts the content of one event. */
  protected final void count(long contentBytes) {
    outputBytes += contentBytes;
    largestChunkBytes = Math.max(largestChunkBytes, contentBytes);
  }

  /** Takes note of why the answer ended. */
  protected final void finished(String reason) {
    finishReason = reason;
  }

  /** Nobody knows what is in the event, so all of it counts: an estimate must not be too low. */
  protected final Verdict unreadable(SseEvent event) {
    count(event.dataLength());
    return Verdict.PASS;
  }

  /** Takes note of an upstream's error. */
  protected final void failed(String message) {
    error = message;
  }

  /** Takes note of the upstream's error and writes it anew. */
  protected final Verdict fault(SseEvent event) {
    UpstreamFault fault = UpstreamFault.read(event.data(), event.dataFrom(), event.dataLength());
    error = fault.message().orElse("the upstream reported an error without an explanation");
    byte[] rebuilt = errorEvent(fault, error);
    replace(rebuilt, 0, rebuilt.length);
    return Verdict.DROP;
  }

  /** Writes bytes in place of an event, after all that came before it. */
  protected final void replace(byte[] bytes, int from, int length) {
    flush();
    if (out != null && !over) {
      out.write(bytes, from, length);
    }
  }

  private void handle(SseEvent event, boolean finished) {
    if (event.dataLines() > 0) {
      release();
    }
    Verdict verdict = event.dataLines() == 0 ? Verdict.PASS : read(event);
    if (over) {
      terminated |= verdict == Verdict.HOLD;
      return;
    }
    switch (verdict) {
      case PASS -> {
        extend(event.bytes(), event.from(), event.to());
        if (!finished) {
          replace(BLANK_LINE, 0, BLANK_LINE.length);
        }
      }
      case DROP -> {}
      case HOLD -> {
        hold(event, finished);
        terminated = true;
      }
      case DELAY -> hold(event, finished);
    }
    over = terminated || error != null;
  }

  private void hold(SseEvent event, boolean finished) {
    flush();
    int length = event.to() - event.from();
    held = Arrays.copyOfRange(event.bytes(), event.from(), event.to());
    if (!finished) {
      held = Arrays.copyOf(held, length + BLANK_LINE.length);
      System.arraycopy(BLANK_LINE, 0, held, length, BLANK_LINE.length);
    }
  }

  /** Passes on the event that has turned out not to be the last. */
  private void release() {
    if (!over && held.length > 0) {
      replace(held, 0, held.length);
      held = NOTHING;
    }
  }

  // Whether the bytes follow on is a question of where they are, not of what they say.
  @SuppressWarnings("ReferenceEquality")
  private void extend(byte[] bytes, int from, int to) {
    if (bytes == run && from == runTo) {
      runTo = to;
      return;
    }
    flush();
    run = bytes;
    runFrom = from;
    runTo = to;
  }

  private void flush() {
    if (runTo > runFrom && out != null) {
      out.write(run, runFrom, runTo - runFrom);
    }
    run = NOTHING;
    runFrom = 0;
    runTo = 0;
  }

  private final class Passing implements SseSplitter.Receiver {
    @Override
    public void event(SseEvent event) {
      handle(event, true);
    }

    @Override
    public void oversized(byte[] bytes, int from, int to) {
      count((long) to - from);
      if (!over) {
        release();
        extend(bytes, from, to);
      }
    }

    @Override
    public void unfinished(SseEvent event) {
      if (event.dataLines() > 0 && isWhole(event)) {
        handle(event, false);
      }
    }
  }
}
