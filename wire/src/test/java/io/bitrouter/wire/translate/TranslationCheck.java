package io.bitrouter.wire.translate;

import io.bitrouter.core.catalog.Abilities;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.ModelId;
import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.catalog.ProviderId;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Elsewhere;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.Reply;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.SignatureVault;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/**
 * Checks that a codec writes whatever there is to say as valid JSON, or refuses it and says which
 * member is to blame.
 */
final class TranslationCheck {

  private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);

  private TranslationCheck() {}

  /** How often a random thing could be said, and what went wrong first. */
  record Result(int said, Optional<String> fault) {}

  /** Writes random requests to an upstream. */
  static Result upstream(UpstreamCodec codec, Protocol protocol, int runs) {
    return runs(
        runs,
        random -> {
          RandomTalk talk = new RandomTalk(random);
          Outcome<Passage> sent =
              translate(new FixedClient(talk.request(), Optional.empty()), codec, protocol, talk);
          return accepted(sent, passage -> requireObject(passage.body()));
        });
  }

  /** Writes random answers to a client, as a stream and whole. */
  static Result client(Supplier<ClientCodec> codec, int runs) {
    return runs(
        runs,
        random -> {
          RandomTalk talk = new RandomTalk(random);
          List<ReplyEvent> events = talk.events();
          ClientCodec client = codec.get();
          Outcome<Passage> sent =
              translate(
                  new FixedClient(talk.request(), Optional.of(client)),
                  new ScriptedUpstream(events),
                  Protocol.CHAT,
                  talk);
          return accepted(
              sent,
              passage -> {
                stream(passage, events.size(), talk.usage());
                Passage.WholeAnswer whole = passage.whole(script(events.size()));
                if (whole.answered()) {
                  requireObject(whole.body().apply(talk.usage()));
                }
              });
        });
  }

  /** Reads mutations of a client's {@code body}, and sends what they say to an upstream. */
  static Result between(
      Supplier<ClientCodec> client,
      JsonNode body,
      UpstreamCodec upstream,
      Protocol protocol,
      int runs) {
    return runs(
        runs,
        random -> {
          byte[] bytes = Json.text(Mutation.of(body, random)).getBytes(StandardCharsets.UTF_8);
          Outcome<Passage> sent =
              new Translator(Map.of(protocol, upstream))
                  .translate(
                      client.get(),
                      bytes,
                      new Translator.Asked(asked(), OptionalLong.empty()),
                      target(protocol, OptionalLong.of(64_000)),
                      onBehalf());
          return accepted(sent, passage -> requireObject(passage.body()));
        });
  }

  private static Result runs(int runs, Property property) {
    int said = 0;
    for (int seed = 0; seed < runs; seed++) {
      try {
        said += property.said(new Random(seed)) ? 1 : 0;
      } catch (RuntimeException | StackOverflowError | AssertionError e) {
        List<StackTraceElement> at =
            List.of(e.getStackTrace()).subList(0, Math.min(6, e.getStackTrace().length));
        return new Result(said, Optional.of("seed " + seed + ": " + e + " at " + at));
      }
    }
    return new Result(said, Optional.empty());
  }

  /** One run; whether there was anything to be said. */
  @FunctionalInterface
  private interface Property {
    boolean said(Random random);
  }

  private static Outcome<Passage> translate(
      ClientCodec client, UpstreamCodec upstream, Protocol protocol, RandomTalk talk) {
    return new Translator(Map.of(protocol, upstream))
        .translate(
            client,
            EMPTY,
            new Translator.Asked(asked(), talk.maybeTokens()),
            target(protocol, talk.maybeTokens()),
            onBehalf());
  }

  /** A refusal has to blame a member: one without is an exception that somebody caught. */
  private static boolean accepted(Outcome<Passage> outcome, Consumer<Passage> check) {
    return switch (outcome) {
      case Outcome.Done<Passage>(Passage passage) -> {
        check.accept(passage);
        yield true;
      }
      case Outcome.Refused<Passage>(var refusal) -> {
        if (refusal.param().isEmpty()) {
          throw new AssertionError("refused without a reason: " + refusal.message());
        }
        yield false;
      }
    };
  }

  private static void stream(Passage passage, int events, MeasuredUsage usage) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StreamTap tap = passage.tap(unused -> 1_000);
    tap.accept(ByteBuffer.wrap(script(events)), out::write);
    tap.upstreamEnded(out::write);
    StreamTap.StreamReport report = tap.report();
    if (report.error().isEmpty()) {
      out.writeBytes(report.complete() ? tap.ending(usage) : tap.cut(usage));
    }
    if (passage.streamType().equals("application/json")) {
      if (!Json.strictTree(out.toByteArray()).isArray()) {
        throw new AssertionError("not an array: " + out.toString(StandardCharsets.UTF_8));
      }
      return;
    }
    String text = utf8(out.toByteArray());
    if (!text.endsWith("\n\n")) {
      throw new AssertionError("the last event does not end: " + text);
    }
    for (String line : text.split("\n")) {
      if (line.startsWith("data: ") && !line.equals("data: [DONE]")) {
        requireObject(line.substring(6).getBytes(StandardCharsets.UTF_8));
      } else if (!line.isEmpty() && !line.startsWith("event: ") && !line.startsWith("data: ")) {
        throw new AssertionError("not a line of an event: " + line);
      }
    }
  }

  private static void requireObject(byte[] json) {
    String text = utf8(json);
    if (!Json.strictTree(json).isObject()) {
      throw new AssertionError("not an object: " + text);
    }
  }

  private static String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new AssertionError("not UTF-8", e);
    }
  }

  private static byte[] script(int events) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < events; i++) {
      out.writeBytes(SseEvent.write("", Integer.toString(i).getBytes(StandardCharsets.US_ASCII)));
    }
    return out.toByteArray();
  }

  private static AskedRequest asked() {
    return new AskedRequest(
        "p/m",
        true,
        OptionalLong.empty(),
        1,
        0,
        Set.of(),
        List.of(),
        0,
        0,
        false,
        Elsewhere.NOTHING,
        List.of(),
        List.of());
  }

  private static Target target(Protocol protocol, OptionalLong maxOutput) {
    Model model =
        new Model(
            new ModelId(new ProviderId("p"), "m"),
            "m-1",
            Optional.empty(),
            "",
            OptionalLong.empty(),
            maxOutput,
            false,
            Abilities.UNKNOWN);
    Provider provider =
        new Provider(
            new ProviderId("p"),
            URI.create("http://127.0.0.1:1"),
            Optional.empty(),
            new Provider.Auth.None(),
            List.of(protocol),
            List.of(model),
            new Reach.Everything(),
            List.of());
    return new Target(provider, model, protocol);
  }

  private static OnBehalf onBehalf() {
    Map<String, byte[]> kept = new HashMap<>();
    SignatureVault vault =
        new SignatureVault() {
          @Override
          public void keep(String callId, byte[] value) {
            kept.put(callId, value);
          }

          @Override
          public Optional<byte[]> find(String callId) {
            return Optional.ofNullable(kept.get(callId));
          }
        };
    return new OnBehalf(new RequestId(new Ulid(0, 1)), vault, UnaryOperator.identity());
  }

  /** Reads the same request from every body, and answers as a real codec does. */
  private record FixedClient(InferenceRequest request, Optional<ClientCodec> answers)
      implements ClientCodec {
    @Override
    public InferenceRequest read(JsonNode body, AskedRequest asked) {
      return request;
    }

    @Override
    public String streamType() {
      return answers.orElseThrow().streamType();
    }

    @Override
    public ReplyWriter stream(ReplyContext context) {
      return answers.orElseThrow().stream(context);
    }

    @Override
    public byte[] whole(Reply reply, ReplyContext context) {
      return answers.orElseThrow().whole(reply, context);
    }

    @Override
    public byte[] failure(String message) {
      return answers.orElseThrow().failure(message);
    }
  }

  /** Says the events that its answer counts. */
  private record ScriptedUpstream(List<ReplyEvent> events) implements UpstreamCodec {
    @Override
    public String path(Model model) {
      return "/script";
    }

    @Override
    public List<HeaderField> headers() {
      return List.of();
    }

    @Override
    public byte[] write(InferenceRequest request, Model model, Notes notes) {
      return EMPTY;
    }

    @Override
    public ReplyReader reader(String callIdPrefix) {
      return (SseEvent event, Consumer<ReplyEvent> out) -> {
        String index =
            new String(
                event.data(), event.dataFrom(), event.dataLength(), StandardCharsets.US_ASCII);
        out.accept(events.get(Integer.parseInt(index)));
      };
    }
  }
}
