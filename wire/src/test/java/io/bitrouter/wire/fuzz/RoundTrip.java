package io.bitrouter.wire.fuzz;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.wire.Dialects;
import io.bitrouter.wire.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;

/**
 * Any request of one protocol's clients to upstreams of all protocols, and any bytes back. An input
 * is a body, the line {@code ---} and what the upstream answers; without that line it is both.
 *
 * <p>What must hold: a body is sent as JSON or refused with 400; nothing throws; the client gets
 * whole events of JSON, the same ones wherever the upstream's bytes were split.
 */
record RoundTrip(Dialect dialect) {

  /** Between body and answer. */
  static final String BORDER = "\n---\n";

  /** A body that is right in every protocol. */
  static final String PLAIN =
      """
      {"model":"p/m","stream":true,"max_tokens":9,"messages":[{"role":"user","content":"Hi"}],\
      "input":"Hi","contents":[{"role":"user","parts":[{"text":"Hi"}]}]}\
      """;

  private static final MeasuredUsage USED =
      new MeasuredUsage(new TokenUsage(6, 3, 1, 0, 5, 2), UsageOrigin.ESTIMATED);

  void check(byte[] input) {
    // One byte is one character here.
    String text = new String(input, StandardCharsets.ISO_8859_1);
    int border = text.indexOf(BORDER);
    byte[] body = border < 0 ? input : Arrays.copyOf(input, border);
    byte[] answer =
        border < 0 ? input : Arrays.copyOfRange(input, border + BORDER.length(), input.length);
    DecodedRequest request =
        switch (decode(body)) {
          case Outcome.Done<DecodedRequest>(DecodedRequest decoded) -> decoded;
          case Outcome.Refused<DecodedRequest>(Refusal refusal) -> {
            refused(refusal, refusal.status() == 400);
            yield Dialects.decoded(dialect, PLAIN);
          }
        };
    for (Protocol upstream : Protocol.values()) {
      switch (request.toward(
          Dialects.target(upstream, "m-1"), OptionalLong.of(100), Dialects.ON_BEHALF)) {
        case Outcome.Done<Passage>(Passage passage) -> {
          sent(passage, upstream);
          answered(passage, upstream, answer);
        }
        case Outcome.Refused<Passage>(Refusal refusal) ->
            // Only what the reader of JSON refuses cannot name a member.
            refused(
                refusal, refusal.status() == 400 && (refusal.param().isPresent() || !strict(body)));
      }
    }
  }

  /** Of Gemini the two forms of a stream take turns. */
  private Outcome<DecodedRequest> decode(byte[] body) {
    return dialect.protocol() == Protocol.GEMINI && Arrays.hashCode(body) % 2 == 0
        ? dialect.decode(
            body, Dialects.call("/v1beta/models/m:streamGenerateContent", Optional.empty()))
        : Dialects.decode(dialect, body);
  }

  private void refused(Refusal refusal, boolean clean) {
    require(clean, "refused as " + refusal);
    Dialect.RenderedRefusal rendered = dialect.render(refusal, Dialects.ON_BEHALF.request());
    require(Json.strictTree(rendered.body()).isObject(), "the refusal is no object");
  }

  private static boolean strict(byte[] body) {
    try {
      return Json.strictTree(body).isObject();
    } catch (JacksonException e) {
      return false;
    }
  }

  private void sent(Passage passage, Protocol upstream) {
    byte[] body = passage.body();
    // Members of members that nobody judges pass between ends of one protocol, even twice.
    boolean object =
        upstream == dialect.protocol()
            ? Json.object(body, 0, body.length, (name, json) -> {})
            : Json.strictTree(body).isObject();
    require(object, "sent no object");
    utf8(body);
  }

  private void answered(Passage passage, Protocol upstream, byte[] answer) {
    String whole = "";
    for (List<byte[]> parts : Splits.of(answer)) {
      String said = stream(passage, upstream, parts);
      whole = whole.isEmpty() ? said : whole;
      require(said.equals(whole), "split: " + said + "\ninstead of " + whole);
    }
    Passage.WholeAnswer collected = passage.whole(answer);
    if (collected.answered()) {
      byte[] body = collected.body().apply(USED);
      require(Json.object(body, 0, body.length, (name, json) -> {}), "answered no object");
    }
    refused(passage.upstreamRefusal(400, answer, OptionalInt.of(1)), true);
  }

  /** What the client gets, and what the gateway knows of it. */
  private String stream(Passage passage, Protocol upstream, List<byte[]> parts) {
    StreamTap tap = passage.tap(unused -> 1_000);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long before = 0;
    for (byte[] part : parts) {
      tap.accept(ByteBuffer.wrap(part), out::write);
      require(tap.outputBytes() >= before, "output was taken back");
      before = tap.outputBytes();
    }
    tap.upstreamEnded(out::write);
    StreamTap.StreamReport report = tap.report();
    require(report.outputBytes() == tap.outputBytes(), "two figures of the output");
    if (report.error().isEmpty()) {
      out.writeBytes(report.complete() ? tap.ending(USED) : tap.cut(USED));
      if (upstream != dialect.protocol()) {
        events(passage, out.toByteArray());
      }
    }
    return "%s\ncomplete=%s usage=%s finish=%s error=%s bytes=%d largest=%d"
        .formatted(
            out.toString(StandardCharsets.ISO_8859_1),
            report.complete(),
            report.usage(),
            report.finishReason(),
            report.error(),
            report.outputBytes(),
            report.largestChunkBytes());
  }

  private static void events(Passage passage, byte[] stream) {
    String text = utf8(stream);
    if (passage.streamType().equals("application/json")) {
      require(Json.strictTree(stream).isArray(), "no array: " + text);
      return;
    }
    require(text.endsWith("\n\n"), "the last event does not end: " + text);
    for (String line : text.split("\n")) {
      boolean data = line.startsWith("data: ");
      require(line.isEmpty() || line.startsWith("event: ") || data, "no line of an event: " + line);
      require(
          !data
              || line.equals("data: [DONE]")
              || Json.strictTree(line.substring(6).getBytes(StandardCharsets.UTF_8)).isObject(),
          "no object: " + line);
    }
  }

  private static String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new AssertionError("not UTF-8", e);
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
