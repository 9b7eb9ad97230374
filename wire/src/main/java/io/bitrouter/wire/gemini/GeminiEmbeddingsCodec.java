package io.bitrouter.wire.gemini;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.wire.embed.EmbeddingsCodec;
import io.bitrouter.wire.embed.Texts;
import io.bitrouter.wire.embed.Vectors;
import io.bitrouter.wire.json.Json;
import tools.jackson.core.JsonParser;

/** How upstreams of Gemini are asked for embeddings. Stateless and thread-safe. */
public final class GeminiEmbeddingsCodec implements EmbeddingsCodec {

  /** The codec; has no state. */
  public GeminiEmbeddingsCodec() {}

  @Override
  public String path(Model model) {
    return GeminiPaths.call(model.upstreamModel(), GeminiPaths.EMBED_ALL);
  }

  @Override
  public byte[] write(Texts texts, Model model) {
    String name = GeminiPaths.resource(model.upstreamModel());
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeArrayPropertyStart("requests");
      for (String text : texts.texts()) {
        json.writeStartObject();
        json.writeStringProperty("model", name);
        json.writeObjectPropertyStart("content");
        json.writeArrayPropertyStart("parts");
        json.writeStartObject();
        json.writeStringProperty("text", text);
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
        texts
            .dimensions()
            .ifPresent(number -> json.writeNumberProperty("outputDimensionality", number));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  @Override
  public void read(String name, JsonParser json, Vectors into) {
    switch (name) {
      case "embeddings" -> Json.elements(json, item -> into.item(item, "values"));
      case "usageMetadata" ->
          Json.members(
              json,
              (member, value) -> {
                if (member.equals("promptTokenCount")) {
                  into.tokens(value);
                }
              });
      default -> {}
    }
  }
}
