package io.bitrouter.wire.chat;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.wire.embed.EmbeddingsCodec;
import io.bitrouter.wire.embed.Texts;
import io.bitrouter.wire.embed.Vectors;
import io.bitrouter.wire.json.Json;
import tools.jackson.core.JsonParser;

/** How upstreams of OpenAI's kind are asked for embeddings. Stateless and thread-safe. */
public final class ChatEmbeddingsCodec implements EmbeddingsCodec {

  static final String PATH = "/embeddings";

  /** The codec; has no state. */
  public ChatEmbeddingsCodec() {}

  @Override
  public String path(Model model) {
    return PATH;
  }

  @Override
  public byte[] write(Texts texts, Model model) {
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeStringProperty("model", model.upstreamModel());
      json.writeArrayPropertyStart("input");
      texts.texts().forEach(json::writeString);
      json.writeEndArray();
      texts.dimensions().ifPresent(number -> json.writeNumberProperty("dimensions", number));
      json.writeEndObject();
    });
  }

  @Override
  public void read(String name, JsonParser json, Vectors into) {
    switch (name) {
      case "data" -> Json.elements(json, item -> into.item(item, "embedding"));
      case "usage" ->
          Json.members(
              json,
              (member, value) -> {
                if (member.equals("prompt_tokens")) {
                  into.tokens(value);
                }
              });
      default -> {}
    }
  }
}
