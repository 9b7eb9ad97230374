package io.bitrouter.wire;

import io.bitrouter.core.catalog.Abilities;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.ModelId;
import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.catalog.ProviderId;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.SignatureVault;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.chat.ChatDialect;
import io.bitrouter.wire.chat.ChatUpstreamCodec;
import io.bitrouter.wire.gemini.GeminiDialect;
import io.bitrouter.wire.gemini.GeminiUpstreamCodec;
import io.bitrouter.wire.messages.MessagesDialect;
import io.bitrouter.wire.messages.MessagesUpstreamCodec;
import io.bitrouter.wire.responses.ResponsesDialect;
import io.bitrouter.wire.responses.ResponsesUpstreamCodec;
import io.bitrouter.wire.translate.Translator;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/** The dialects under test, and requests in them on their way to upstreams. */
public final class Dialects {

  /** To upstreams of the other protocols. */
  public static final Translator TRANSLATOR =
      new Translator(
          Map.of(
              Protocol.CHAT, new ChatUpstreamCodec(),
              Protocol.MESSAGES, new MessagesUpstreamCodec(),
              Protocol.RESPONSES, new ResponsesUpstreamCodec(),
              Protocol.GEMINI, new GeminiUpstreamCodec()));

  /** Chat Completions. */
  public static final Dialect CHAT = new ChatDialect(TRANSLATOR);

  /** Messages. */
  public static final Dialect MESSAGES = new MessagesDialect(TRANSLATOR);

  /** Responses. */
  public static final Dialect RESPONSES = new ResponsesDialect(TRANSLATOR);

  /** Gemini. */
  public static final Dialect GEMINI = new GeminiDialect(TRANSLATOR);

  /** For {@code req_…} of it; a pseudonym is the name in angle brackets. */
  public static final OnBehalf ON_BEHALF =
      new OnBehalf(
          RequestId.parse("req_01m80zdvykff17en9vm7ms1xsj").orElseThrow(),
          SignatureVault.NONE,
          name -> "<" + name + ">");

  /** What most protocols say outside of the body: nothing. */
  private static final ClientExchange NOBODY = exchange(Map.of());

  private Dialects() {}

  /** The dialect of {@code protocol}. */
  public static Dialect of(Protocol protocol) {
    return switch (protocol) {
      case CHAT -> CHAT;
      case MESSAGES -> MESSAGES;
      case RESPONSES -> RESPONSES;
      case GEMINI -> GEMINI;
    };
  }

  /** What {@code dialect} makes of a body. */
  public static Outcome<DecodedRequest> decode(Dialect dialect, byte[] body) {
    return dialect.decode(
        body,
        dialect.protocol() == Protocol.GEMINI
            ? call("/v1beta/models/m:streamGenerateContent", Optional.of("sse"))
            : NOBODY);
  }

  /** A client that calls Gemini's {@code path}. */
  public static ClientExchange call(String path, Optional<String> alt) {
    return exchange(Map.of("path", path, "query", alt));
  }

  private static ClientExchange exchange(Map<String, Object> said) {
    return (ClientExchange)
        Proxy.newProxyInstance(
            Dialects.class.getClassLoader(),
            new Class<?>[] {ClientExchange.class},
            (proxy, method, arguments) -> {
              if (!said.containsKey(method.getName())) {
                throw new AssertionError(method.getName() + " is not for a dialect to ask");
              }
              return said.get(method.getName());
            });
  }

  /** A body that must be accepted. */
  public static DecodedRequest decoded(Dialect dialect, String body) {
    return switch (decode(dialect, body.getBytes(StandardCharsets.UTF_8))) {
      case Outcome.Done<DecodedRequest>(DecodedRequest request) -> request;
      case Outcome.Refused<DecodedRequest>(var refusal) ->
          throw new AssertionError(refusal.message() + ": " + body);
    };
  }

  /** The request on its way to an upstream of its own protocol that knows {@code model}. */
  public static Passage passage(
      Dialect dialect, DecodedRequest request, String model, OptionalLong outputCap) {
    return passage(request, target(dialect.protocol(), model), outputCap);
  }

  /** The request on its way to {@code target}, which must be possible. */
  public static Passage passage(DecodedRequest request, Target target, OptionalLong outputCap) {
    return switch (request.toward(target, outputCap, ON_BEHALF)) {
      case Outcome.Done<Passage>(Passage passage) -> passage;
      case Outcome.Refused<Passage>(var refusal) -> throw new AssertionError(refusal.message());
    };
  }

  /** A tap for the streamed answer to a request whose upstream speaks its protocol. */
  public static StreamTap tap(
      Dialect dialect, DecodedRequest request, ToLongFunction<MeasuredUsage> costNanos) {
    return passage(dialect, request, request.asked().model(), OptionalLong.empty()).tap(costNanos);
  }

  /** A model that an upstream of {@code protocol} knows as {@code upstreamModel}. */
  public static Target target(Protocol protocol, String upstreamModel) {
    Model model =
        new Model(
            new ModelId(new ProviderId("p"), "m"),
            upstreamModel,
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
            List.of(protocol),
            List.of(model),
            new Reach.Everything(),
            List.of());
    return new Target(provider, model, protocol);
  }
}
