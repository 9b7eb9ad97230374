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
import io.bitrouter.core.exchange.FinishReason;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.InferenceRequest.Turn;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.SignatureVault;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * An upstream for proofs of how clients talk. What it is sent is the request in words, and what it
 * says is a script, one event a line: {@code text Hello}, {@code call 0 call_1 weather}. In texts a
 * line break is {@code \n}.
 */
public final class ScriptedUpstream implements UpstreamCodec {

  private static final RequestId REQUEST =
      RequestId.parse("req_01j00000000000000000000000").orElseThrow();

  /** One upstream. */
  public ScriptedUpstream() {}

  /** The request of a client of another protocol than Gemini on its way to this upstream. */
  public static Outcome<Passage> passage(ClientCodec client, byte[] body) {
    JsonNode json = Json.tree(body, 0, body.length);
    AskedRequest asked =
        new AskedRequest(
            json.path("model").stringValue("m"),
            json.path("stream").booleanValue(false),
            OptionalLong.empty(),
            1,
            body.length,
            Set.of("text"),
            List.of(),
            0,
            0,
            false,
            Elsewhere.NOTHING,
            List.of(),
            List.of());
    return new Translator(Map.of(Protocol.GEMINI, new ScriptedUpstream()))
        .translate(
            client,
            body,
            new Translator.Asked(asked, OptionalLong.empty()),
            target(),
            new OnBehalf(REQUEST, SignatureVault.NONE, name -> "pseudonym of " + name));
  }

  private static Target target() {
    Model model =
        new Model(
            new ModelId(new ProviderId("p"), "m"),
            "up",
            Optional.empty(),
            "",
            OptionalLong.empty(),
            OptionalLong.empty(),
            false,
            Abilities.UNKNOWN);
    Provider provider =
        new Provider(
            new ProviderId("p"),
            URI.create("http://127.0.0.1:1"),
            Optional.empty(),
            new Provider.Auth.None(),
            List.of(Protocol.GEMINI),
            List.of(model),
            new Reach.Everything(),
            List.of());
    return new Target(provider, model, Protocol.GEMINI);
  }

  /** A script as the stream in which this upstream says it. */
  public static byte[] stream(String script) {
    return script
        .lines()
        .map(line -> "data: " + line + "\n\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String path(Model model) {
    return "/" + model.upstreamModel();
  }

  @Override
  public List<HeaderField> headers() {
    return List.of();
  }

  @Override
  public byte[] write(InferenceRequest request, Model model, Notes notes) {
    StringBuilder words = new StringBuilder();
    for (Turn turn : request.turns()) {
      turn.parts().forEach(part -> words.append(turn.role()).append(' ').append(part).append('\n'));
    }
    request.tools().offered().forEach(tool -> words.append(tool).append('\n'));
    words.append(request.tools().choice());
    request.tools().parallel().ifPresent(it -> words.append(" parallel=").append(it));
    words.append('\n').append(request.sampling()).append('\n');
    request.maxOutput().ifPresent(it -> words.append("maxOutput=").append(it).append('\n'));
    request.thinking().ifPresent(it -> words.append(it).append('\n'));
    words.append(request.format()).append('\n');
    request.user().ifPresent(it -> words.append("user=").append(it).append('\n'));
    request.cacheKey().ifPresent(it -> words.append("cacheKey=").append(it).append('\n'));
    words.append("unknown=").append(request.unknown()).append('\n');
    return words.toString().replace("Optional.empty", "-").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public ReplyReader reader(String callIdPrefix) {
    return new ReplyReader() {
      @Override
      public void read(SseEvent event, Consumer<ReplyEvent> out) {
        out.accept(
            event(
                new String(
                    event.data(), event.dataFrom(), event.dataLength(), StandardCharsets.UTF_8)));
      }
    };
  }

  private static ReplyEvent event(String line) {
    String[] words = line.split(" ", 2);
    String rest = words.length < 2 ? "" : words[1].replace("\\n", "\n");
    String[] each = rest.split(" ", 3);
    return switch (words[0]) {
      case "started" -> new ReplyEvent.Started("up-1", rest);
      case "text" -> new ReplyEvent.Text(0, rest);
      case "refused" -> new ReplyEvent.Refused(0, rest);
      case "reasoned" -> new ReplyEvent.Reasoned(0, rest);
      case "signed" -> new ReplyEvent.Signed(0, new Signature(Protocol.GEMINI, rest), false);
      case "call" ->
          new ReplyEvent.CallBegan(
              0, Integer.parseInt(each[0]), each[1], each[2], Optional.empty());
      case "arguments" -> {
        String[] both = rest.split(" ", 2);
        yield new ReplyEvent.CallArguments(0, Integer.parseInt(both[0]), both[1]);
      }
      case "cited" ->
          new ReplyEvent.Cited(0, new Part.Citation(each[2], "Title", at(each[0]), at(each[1])));
      case "used" -> new ReplyEvent.Used(usage(rest));
      case "finished" ->
          new ReplyEvent.Finished(0, FinishReason.valueOf(rest), Optional.empty(), rest);
      case "failed" -> new ReplyEvent.Failed(rest);
      case "ended" -> new ReplyEvent.Ended();
      default -> throw new IllegalArgumentException(line);
    };
  }

  private static int at(String word) {
    return Integer.parseInt(word);
  }

  /** Usage whose buckets are the numbers in {@code words}. */
  private static MeasuredUsage usage(String words) {
    List<Long> buckets =
        words.isEmpty()
            ? List.of()
            : List.of(words.split(" ")).stream().map(Long::valueOf).toList();
    Objects.checkIndex(5, buckets.size());
    return new MeasuredUsage(
        new TokenUsage(
            buckets.get(0),
            buckets.get(1),
            buckets.get(2),
            buckets.get(3),
            buckets.get(4),
            buckets.get(5)),
        UsageOrigin.REPORTED);
  }
}
