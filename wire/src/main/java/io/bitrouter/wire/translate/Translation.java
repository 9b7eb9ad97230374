package io.bitrouter.wire.translate;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.HeaderFields;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.wire.error.UpstreamRefusals;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.ToLongFunction;

/**
 * A passage between two protocols. The upstream always streams; a whole answer is its stream
 * collected.
 */
record Translation(
    Ends ends,
    InferenceRequest request,
    Model model,
    OnBehalf onBehalf,
    byte[] body,
    List<String> warnings)
    implements Passage {

  /** Writes nothing: for answers that are collected. */
  private static final ReplyWriter SILENT =
      new ReplyWriter() {
        @Override
        public void write(ReplyEvent event, ByteArrayOutputStream out) {}

        @Override
        public void end(
            List<ReplyEvent.Finished> finished, MeasuredUsage usage, ByteArrayOutputStream out) {}
      };

  /**
   * Who speaks at either end.
   *
   * @param names what tools are called at the upstream's
   * @param answer the tool that the upstream's model answers by, if it has to
   */
  record Ends(ClientCodec client, UpstreamCodec upstream, ToolNames names, AnswerTool answer) {

    ReplyReader reader(String callIdPrefix) {
      return names.restoring(answer.unwrapping(upstream.reader(callIdPrefix)));
    }
  }

  @Override
  public String path() {
    return ends.upstream().path(model);
  }

  /** Those of the upstream's protocol alone: the client's are about its own. */
  @Override
  public List<HeaderField> headers(HeaderFields client) {
    return ends.upstream().headers();
  }

  @Override
  public boolean streamed() {
    return true;
  }

  @Override
  public String streamType() {
    return ends.client().streamType();
  }

  @Override
  public StreamTap tap(ToLongFunction<MeasuredUsage> costNanos) {
    return tap(ends.client().stream(context(costNanos)), ReplyCollector.ofSeals());
  }

  private TranslatingTap tap(ReplyWriter writer, ReplyCollector collector) {
    return new TranslatingTap(
        ends.reader("call_" + name() + "_"),
        writer,
        ends.client(),
        onBehalf.memory(),
        collector,
        request.choices());
  }

  @Override
  public WholeAnswer whole(byte[] upstreamBody) {
    TranslatingTap tap = tap(SILENT, ReplyCollector.ofAll());
    tap.accept(ByteBuffer.wrap(upstreamBody), (bytes, from, length) -> {});
    tap.upstreamEnded((bytes, from, length) -> {});
    StreamTap.StreamReport report = tap.report();
    return new WholeAnswer(
        report.complete() && report.error().isEmpty(),
        report.usage(),
        report.finishReason(),
        report.outputBytes(),
        usage ->
            ends.client()
                .whole(
                    tap.collector().reply(request.model(), tap.finished(), usage),
                    context(unused -> 0L)));
  }

  @Override
  public Refusal upstreamRefusal(int status, byte[] upstreamBody, OptionalInt retryAfterSeconds) {
    return UpstreamRefusals.of(status, upstreamBody, retryAfterSeconds);
  }

  private ReplyContext context(ToLongFunction<MeasuredUsage> costNanos) {
    return new ReplyContext(
        name(), onBehalf.request().startedAtMicros() / 1_000_000, request, costNanos);
  }

  /** The request's id without what marks it as one. */
  private String name() {
    String id = onBehalf.request().toString();
    return id.substring(id.indexOf('_') + 1);
  }
}
