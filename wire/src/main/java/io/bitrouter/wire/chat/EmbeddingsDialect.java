package io.bitrouter.wire.chat;

import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.WholeDialect;
import io.bitrouter.wire.embed.Embedder;
import io.bitrouter.wire.embed.Texts;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.json.RequestScan;
import io.bitrouter.wire.json.RequestScanner;
import io.bitrouter.wire.translate.Located;
import io.bitrouter.wire.translate.Notes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * OpenAI's {@code /v1/embeddings}, with vectors as numbers or base64 as the client asks. Bodies
 * pass to upstreams of OpenAI's kind; texts can be taken to others. Thread-safe.
 */
public final class EmbeddingsDialect extends WholeDialect {

  private static final Set<String> SCANNED = Set.of("model", "models", "user");
  private static final Set<String> KNOWN =
      Set.of("model", "models", "user", "input", "dimensions", "encoding_format");

  private final Embedder embedder;

  /** With the dialect whose errors it writes, and the way to upstreams. */
  public EmbeddingsDialect(ChatDialect chat, Embedder embedder) {
    super(chat);
    this.embedder = embedder;
  }

  @Override
  public Outcome<DecodedRequest> decode(byte[] body, ClientExchange client) {
    return RequestScanner.scan(body, SCANNED)
        .map(scan ->
            new Embeddings(
                body,
                scan,
                scan.asked(body.length, OptionalLong.empty()).withoutOutput(),
                embedder));
  }

  private record Embeddings(byte[] body, RequestScan scan, AskedRequest asked, Embedder embedder)
      implements DecodedRequest {

    @Override
    public Optional<String> toolsSha256() {
      return Optional.empty();
    }

    @Override
    public Outcome<Passage> toward(Target target, OptionalLong outputCap, OnBehalf onBehalf) {
      if (target.protocol() == Protocol.CHAT) {
        byte[] sent =
            scan.splices(target.model().upstreamModel(), onBehalf.pseudonym()).applyTo(body);
        return Outcome.done(embedder.passing(target, ChatEmbeddingsCodec.PATH, sent));
      }
      return embedder.translate(
          body,
          json -> {
            boolean base64 = base64(json);
            return new Embedder.Ask(
                texts(json), (vectors, used) -> answer(scan.model(), vectors, base64, used));
          },
          target);
    }
  }

  private static boolean base64(JsonNode body) {
    Located format = new Located(body, "").member("encoding_format");
    return switch (format.given() ? format.text() : "float") {
      case "float" -> false;
      case "base64" -> true;
      default -> throw format.fault("must be float or base64");
    };
  }

  private static Texts texts(JsonNode json) {
    Located body = new Located(json, "");
    Located input = body.member("input");
    List<Located> inputs = input.value().isString() ? List.of(input) : input.elements();
    if (inputs.isEmpty()) {
      throw input.fault("must be a text, or a list of at least one");
    }
    for (Located each : inputs) {
      if (each.value().isNumber() || each.value().isArray()) {
        throw each.fault("is tokens, which the upstream cannot read; send the text");
      }
    }
    Notes notes = new Notes();
    json.propertyNames().stream().filter(name -> !KNOWN.contains(name)).forEach(notes::ignored);
    return new Texts(
        inputs.stream().map(Located::text).toList(), body.integer("dimensions"), notes.words());
  }

  private static byte[] answer(
      String model, List<double[]> vectors, boolean base64, TokenUsage used) {
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeStringProperty("object", "list");
      json.writeArrayPropertyStart("data");
      for (int i = 0; i < vectors.size(); i++) {
        json.writeStartObject();
        json.writeStringProperty("object", "embedding");
        json.writeNumberProperty("index", i);
        json.writeName("embedding");
        if (base64) {
          json.writeString(base64(vectors.get(i)));
        } else {
          json.writeArray(vectors.get(i), 0, vectors.get(i).length);
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeStringProperty("model", model);
      json.writeObjectPropertyStart("usage");
      json.writeNumberProperty("prompt_tokens", used.promptTokens());
      json.writeNumberProperty("total_tokens", used.promptTokens());
      json.writeEndObject();
      json.writeEndObject();
    });
  }

  /** Numbers of 32 bits, the least significant byte first. */
  private static String base64(double[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (double number : vector) {
      bytes.putFloat((float) number);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
