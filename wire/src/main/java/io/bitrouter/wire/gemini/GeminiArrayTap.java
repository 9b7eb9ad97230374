package io.bitrouter.wire.gemini;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.gateway.ByteSink;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.wire.sse.SseEvent;
import io.bitrouter.wire.sse.SseSplitter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Writes the events that another tap passes on as the elements of one JSON array. */
final class GeminiArrayTap implements StreamTap {

  private final StreamTap events;
  private final GeminiFraming framing = new GeminiFraming(true);
  private final ByteArrayOutputStream written = new ByteArrayOutputStream(1_024);
  private final Elements elements = new Elements(framing, written);
  private final SseSplitter splitter = new SseSplitter(elements);

  /** Writes what {@code events} passes on. */
  GeminiArrayTap(StreamTap events) {
    this.events = events;
  }

  @Override
  public void accept(ByteBuffer chunk, ByteSink out) {
    events.accept(chunk, splitter::accept);
    flush(out);
  }

  @Override
  public void upstreamEnded(ByteSink out) {
    events.upstreamEnded(splitter::accept);
    splitter.end();
    flush(out);
  }

  private void flush(ByteSink out) {
    if (written.size() > 0) {
      out.write(written.toByteArray(), 0, written.size());
      written.reset();
    }
  }

  @Override
  public boolean contentSeen() {
    return events.contentSeen();
  }

  @Override
  public long outputBytes() {
    return events.outputBytes();
  }

  @Override
  public Optional<MeasuredUsage> usage() {
    return events.usage();
  }

  @Override
  public StreamReport report() {
    StreamReport report = events.report();
    return new StreamReport(
        report.complete(),
        report.usage(),
        report.finishReason(),
        elements.oversized
            ? Optional.of("the upstream sent an event of more than 8 MiB")
            : report.error(),
        report.outputBytes(),
        report.largestChunkBytes(),
        last(report.held()));
  }

  @Override
  public byte[] cut(MeasuredUsage usage) {
    return last(events.cut(usage));
  }

  @Override
  public byte[] broken(byte[] event) {
    return last(event);
  }

  /** The last elements and the end of the array. */
  private byte[] last(byte[] held) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(held.length + 2);
    GeminiFraming end = framing.copy();
    SseSplitter last = new SseSplitter(new Elements(end, out));
    last.accept(held, 0, held.length);
    last.end();
    end.close(out);
    return out.toByteArray();
  }

  /** Takes events and writes their data. */
  private static final class Elements implements SseSplitter.Receiver {
    private final GeminiFraming framing;
    private final ByteArrayOutputStream out;
    private boolean oversized;

    Elements(GeminiFraming framing, ByteArrayOutputStream out) {
      this.framing = framing;
      this.out = out;
    }

    @Override
    public void event(SseEvent event) {
      if (event.dataLines() > 0) {
        int from = event.dataFrom();
        framing.add(Arrays.copyOfRange(event.data(), from, from + event.dataLength()), out);
      }
    }

    @Override
    public void oversized(byte[] bytes, int from, int to) {
      oversized = true;
    }

    @Override
    public void unfinished(SseEvent event) {
      event(event);
    }
  }
}
