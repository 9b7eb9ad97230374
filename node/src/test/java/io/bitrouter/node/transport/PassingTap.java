package io.bitrouter.node.transport;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.gateway.ByteSink;
import io.bitrouter.core.gateway.StreamTap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A tap that passes everything on, counts it, and adds a word at the end. */
final class PassingTap implements StreamTap {
  private final AtomicLong seen = new AtomicLong();
  private final boolean failing;

  PassingTap() {
    this(false);
  }

  PassingTap(boolean failing) {
    this.failing = failing;
  }

  long seen() {
    return seen.get();
  }

  @Override
  public void accept(ByteBuffer chunk, ByteSink out) {
    byte[] bytes = new byte[chunk.remaining()];
    chunk.get(bytes);
    out.write(bytes, 0, bytes.length);
    seen.addAndGet(bytes.length);
    if (failing) {
      throw new IllegalStateException("on purpose");
    }
  }

  @Override
  public void upstreamEnded(ByteSink out) {
    byte[] rest = "[rest]".getBytes(StandardCharsets.UTF_8);
    out.write(rest, 0, rest.length);
  }

  @Override
  public boolean contentSeen() {
    return seen.get() > 0;
  }

  @Override
  public long outputBytes() {
    return seen.get();
  }

  @Override
  public Optional<MeasuredUsage> usage() {
    return Optional.empty();
  }

  @Override
  public byte[] cut(MeasuredUsage usage) {
    return "[cut]".getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public StreamReport report() {
    return new StreamReport(
        true,
        Optional.empty(),
        Optional.of("stop"),
        Optional.empty(),
        seen.get(),
        seen.get(),
        "[held]".getBytes(StandardCharsets.UTF_8));
  }
}
