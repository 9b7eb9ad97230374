package io.bitrouter.wire.gemini;

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
import io.bitrouter.wire.json.GeminiScan;
import io.bitrouter.wire.json.GeminiScanner;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.Notes;
import io.bitrouter.wire.translate.Untranslatable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.StringJoiner;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * Gemini's {@code embedContent} and {@code batchEmbedContents}. Bodies pass to upstreams of the
 * protocol; contents that are text can be taken to others, the parts of one content a line each.
 * Thread-safe.
 */
public final class GeminiEmbeddingsDialect extends WholeDialect {

  private static final Set<String> VERBS = Set.of(GeminiPaths.EMBED, GeminiPaths.EMBED_ALL);
  private static final String DIMENSIONS = "outputDimensionality";

  private final Embedder embedder;

  /** Beside {@code gemini}, with the way to upstreams. */
  public GeminiEmbeddingsDialect(GeminiDialect gemini, Embedder embedder) {
    super(gemini);
    this.embedder = embedder;
  }

  @Override
  public Outcome<DecodedRequest> decode(byte[] body, ClientExchange client) {
    return GeminiPaths.read(client.path(), VERBS)
        .then(call ->
            GeminiScanner.scan(body, "content")
                .map(scan ->
                    new Embeddings(
                        body,
                        scan,
                        scan.asked(call.model(), false, body.length).withoutOutput(),
                        call.verb(),
                        embedder)));
  }

  private record Embeddings(
      byte[] body, GeminiScan scan, AskedRequest asked, String verb, Embedder embedder)
      implements DecodedRequest {

    @Override
    public Optional<String> toolsSha256() {
      return scan.tools().map(at -> at.sha256(body));
    }

    @Override
    public Outcome<Passage> toward(Target target, OptionalLong outputCap, OnBehalf onBehalf) {
      String model = target.model().upstreamModel();
      boolean several = verb.equals(GeminiPaths.EMBED_ALL);
      return target.protocol() == Protocol.GEMINI
          ? Outcome.done(
              embedder.passing(
                  target,
                  GeminiPaths.call(model, verb),
                  scan.sent(body, GeminiPaths.resource(model))))
          : embedder.translate(
              body,
              json ->
                  new Embedder.Ask(
                      texts(json, several), (vectors, used) -> answer(vectors, several, used)),
              target);
    }
  }

  private static Texts texts(JsonNode json, boolean several) {
    GeminiFields body = GeminiFields.of(json, "");
    List<String> unknown = new ArrayList<>();
    List<GeminiFields> requests = several ? body.objects("requests") : List.of(body);
    if (requests.isEmpty()) {
      throw new Untranslatable("requests", "must list at least one request");
    }
    List<String> texts = new ArrayList<>(requests.size());
    for (GeminiFields request : requests) {
      texts.add(text(request, unknown));
      if (!request.integer(DIMENSIONS).equals(requests.getFirst().integer(DIMENSIONS))) {
        throw new Untranslatable(
            request.at(DIMENSIONS), "must be the same in all requests: the upstream takes one");
      }
      request.value("model");
      request.addOthers(unknown);
    }
    body.addOthers(unknown);
    Notes notes = new Notes();
    unknown.forEach(path -> notes.ignored(path.substring(path.lastIndexOf('.') + 1)));
    return new Texts(texts, requests.getFirst().integer(DIMENSIONS), notes.words());
  }

  private static String text(GeminiFields request, List<String> unknown) {
    GeminiFields content =
        request
            .object("content")
            .orElseThrow(() ->
                new Untranslatable(request.at("content"), "is missing; it must be an object"));
    content.value("role");
    StringJoiner lines = new StringJoiner("\n");
    for (GeminiFields part : content.objects("parts")) {
      lines.add(
          part.text("text")
              .orElseThrow(() ->
                  new Untranslatable(
                      part.path(), "is not a text, and the upstream embeds nothing else")));
      part.addOthers(unknown);
    }
    content.addOthers(unknown);
    return lines.toString();
  }

  private static byte[] answer(List<double[]> vectors, boolean several, TokenUsage used) {
    return Json.bytes(json -> {
      json.writeStartObject();
      if (several) {
        json.writeArrayPropertyStart("embeddings");
        vectors.forEach(vector -> values(vector, json));
        json.writeEndArray();
      } else {
        json.writeName("embedding");
        values(vectors.getFirst(), json);
      }
      json.writeObjectPropertyStart("usageMetadata");
      json.writeNumberProperty("promptTokenCount", used.promptTokens());
      json.writeEndObject();
      json.writeEndObject();
    });
  }

  private static void values(double[] vector, JsonGenerator json) {
    json.writeStartObject();
    json.writeName("values");
    json.writeArray(vector, 0, vector.length);
    json.writeEndObject();
  }
}
