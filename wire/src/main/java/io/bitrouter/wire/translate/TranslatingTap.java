package io.bitrouter.wire.translate;

import io.bitrouter.core.exchange.FinishReason;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.gateway.ByteSink;
import io.bitrouter.core.gateway.SignatureVault;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import io.bitrouter.wire.sse.SseSplitter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes an upstream's stream anew in the client's protocol, event by event as they come. What the
 * upstream says after the end of its answer is not passed on.
 */
final class TranslatingTap implements StreamTap {

  /** Room that stays between two reads of the upstream. */
  private static final int KEPT_BYTES = 64 << 10;

  private final ReplyReader reader;
  private final ReplyWriter writer;
  private final ClientCodec client;
  private final SignatureVault vault;
  private final int choices;
  private final SseSplitter splitter = new SseSplitter(new Receiving());
  private final ReplyCollector collector;
  private final Map<Integer, ReplyEvent.Finished> finished = new TreeMap<>();
  private final Written written = new Written();
  private @Nullable MeasuredUsage usage;
  private @Nullable String error;
  private boolean ended;
  private long outputBytes;
  private long eventBytes;
  private long largestChunkBytes;

  /**
   * Writes with {@code writer} what {@code reader} reads, and keeps of it what {@code collector}
   * does.
   */
  TranslatingTap(
      ReplyReader reader,
      ReplyWriter writer,
      ClientCodec client,
      SignatureVault vault,
      ReplyCollector collector,
      int choices) {
    this.reader = reader;
    this.writer = writer;
    this.client = client;
    this.vault = vault;
    this.collector = collector;
    this.choices = choices;
  }

  @Override
  public void accept(ByteBuffer chunk, ByteSink out) {
    splitter.accept(chunk);
    written.moveTo(out);
  }

  @Override
  public void upstreamEnded(ByteSink out) {
    splitter.end();
    reader.end(this::take);
    written.moveTo(out);
  }

  /** What waits to be passed on. */
  private static final class Written extends ByteArrayOutputStream {
    Written() {
      super(1_024);
    }

    /** Hands it over as it lies here. */
    void moveTo(ByteSink out) {
      if (count > 0) {
        out.write(buf, 0, count);
        count = 0;
      }
      if (buf.length > KEPT_BYTES) {
        buf = new byte[KEPT_BYTES];
      }
    }
  }

  private void take(ReplyEvent event) {
    if (ended || error != null) {
      return;
    }
    switch (event) {
      case ReplyEvent.Failed(String message) -> {
        error = message;
        written.writeBytes(client.failure(message));
      }
      case ReplyEvent.Ended unused -> {
        ended = true;
        remember();
      }
      case ReplyEvent.Finished end -> finished.put(end.choice(), end);
      case ReplyEvent.Used(MeasuredUsage figures) -> {
        usage = figures;
        writer.write(event, written);
      }
      case ReplyEvent.Text text -> content(event, text.delta());
      case ReplyEvent.Refused refused -> content(event, refused.delta());
      case ReplyEvent.Reasoned thought -> content(event, thought.delta());
      case ReplyEvent.CallBegan call -> content(event, call.name());
      case ReplyEvent.CallArguments more -> content(event, more.delta());
      case ReplyEvent.Started unused -> said(event);
      case ReplyEvent.Signed unused -> said(event);
      case ReplyEvent.Cited unused -> said(event);
    }
  }

  private void content(ReplyEvent event, String delta) {
    eventBytes += Json.stringBytes(delta);
    said(event);
  }

  private void said(ReplyEvent event) {
    collector.add(event);
    writer.write(event, written);
  }

  private void remember() {
    for (int choice : finished.keySet()) {
      Recollection.keep(collector.parts(choice), vault);
    }
  }

  @Override
  public boolean contentSeen() {
    return outputBytes > 0;
  }

  @Override
  public long outputBytes() {
    return outputBytes;
  }

  @Override
  public Optional<MeasuredUsage> usage() {
    return Optional.ofNullable(usage);
  }

  @Override
  public StreamReport report() {
    return new StreamReport(
        ended,
        usage(),
        finished.values().stream().findFirst().map(ReplyEvent.Finished::word),
        Optional.ofNullable(error),
        outputBytes,
        largestChunkBytes,
        new byte[0]);
  }

  @Override
  public byte[] ending(MeasuredUsage charged) {
    return end(finished(), charged);
  }

  @Override
  public byte[] cut(MeasuredUsage charged) {
    List<ReplyEvent.Finished> ends = new ArrayList<>();
    for (int choice = 0; choice < choices; choice++) {
      ends.add(
          finished.getOrDefault(
              choice,
              new ReplyEvent.Finished(choice, FinishReason.LENGTH, Optional.empty(), "length")));
    }
    return end(ends, charged);
  }

  @Override
  public byte[] broken(byte[] event) {
    return client.broken(event);
  }

  /** Each choice's end as the client is to know it. */
  List<ReplyEvent.Finished> finished() {
    List<ReplyEvent.Finished> ends = new ArrayList<>();
    finished.forEach((choice, end) ->
        ends.add(
            new ReplyEvent.Finished(
                choice,
                ReplyCollector.reason(end.reason(), collector.called(choice)),
                end.stopSequence(),
                end.word())));
    if (ends.isEmpty()) {
      FinishReason reason = ReplyCollector.reason(FinishReason.STOP, collector.called(0));
      ends.add(new ReplyEvent.Finished(0, reason, Optional.empty(), ""));
    }
    return ends;
  }

  ReplyCollector collector() {
    return collector;
  }

  private byte[] end(List<ReplyEvent.Finished> ends, MeasuredUsage charged) {
    ByteArrayOutputStream events = new ByteArrayOutputStream(512);
    writer.end(ends, charged, events);
    return events.toByteArray();
  }

  private final class Receiving implements SseSplitter.Receiver {
    @Override
    public void event(SseEvent event) {
      if (event.dataLines() > 0) {
        eventBytes = 0;
        reader.read(event, TranslatingTap.this::take);
        outputBytes += eventBytes;
        largestChunkBytes = Math.max(largestChunkBytes, eventBytes);
      }
    }

    @Override
    public void oversized(byte[] bytes, int from, int to) {
      take(new ReplyEvent.Failed("the upstream sent an event of more than 8 MiB"));
    }

    @Override
    public void unfinished(SseEvent event) {
      event(event);
    }
  }
}
