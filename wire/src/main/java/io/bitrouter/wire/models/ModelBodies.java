package io.bitrouter.wire.models;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.Price;
import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.ModelInfo;
import io.bitrouter.wire.control.ModelList;
import io.bitrouter.wire.control.ModelPricing;
import io.bitrouter.wire.control.Rfc3339;
import io.bitrouter.wire.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JsonGenerator;

/**
 * Bodies of {@code GET /v1/models} and {@code GET /v1/models/{id}}: one that OpenAI's clients and
 * this product's own read, and Anthropic's for requests that send {@code anthropic-version}.
 * Immutable and thread-safe.
 */
public final class ModelBodies {

  private final Instant listedAt;

  /**
   * Bodies that say that every model was listed at {@code listedAt}: vendors' clients expect a
   * date, and catalogues have one for all models.
   */
  public ModelBodies(Instant listedAt) {
    this.listedAt = listedAt;
  }

  /** All of {@code models}, in their order. */
  public byte[] list(List<Model> models) {
    List<ModelInfo> data = models.stream().map(this::info).toList();
    return ControlJson.bytes(
        new ModelList(
            "list",
            data,
            false,
            data.stream().findFirst().map(ModelInfo::id),
            data.isEmpty() ? Optional.empty() : Optional.of(data.getLast().id())));
  }

  /** One model. */
  public byte[] one(Model model) {
    return ControlJson.bytes(info(model));
  }

  /** All of {@code models} in Anthropic's shape. */
  public byte[] anthropicList(List<Model> models) {
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeArrayPropertyStart("data");
      models.forEach(model -> anthropic(json, model));
      json.writeEndArray();
      json.writeBooleanProperty("has_more", false);
      edge(json, "first_id", models.isEmpty() ? Optional.empty() : id(models.getFirst()));
      edge(json, "last_id", models.isEmpty() ? Optional.empty() : id(models.getLast()));
      json.writeEndObject();
    });
  }

  /** One model in Anthropic's shape. */
  public byte[] anthropicOne(Model model) {
    return Json.bytes(json -> anthropic(json, model));
  }

  private ModelInfo info(Model model) {
    String provider = model.id().provider().text();
    return new ModelInfo(
        model.id().toString(),
        "model",
        listedAt.getEpochSecond(),
        provider,
        "model",
        model.id().model(),
        Optional.empty(),
        List.of("text"),
        List.of("text"),
        List.of("streaming"),
        boxed(model.contextTokens()),
        boxed(model.maxOutputTokens()),
        model.price().map(ModelBodies::pricing),
        List.of(provider));
  }

  private static ModelPricing pricing(Price price) {
    return new ModelPricing(
        price.uncachedInput(),
        price.output(),
        Optional.of(price.cacheRead()),
        Optional.of(price.cacheWrite5m()),
        Optional.of(price.cacheWrite1h()));
  }

  private void anthropic(JsonGenerator json, Model model) {
    json.writeStartObject();
    json.writeStringProperty("type", "model");
    json.writeStringProperty("id", model.id().toString());
    json.writeStringProperty("display_name", model.id().model());
    json.writeStringProperty("created_at", Rfc3339.format(listedAt));
    json.writeEndObject();
  }

  private static void edge(JsonGenerator json, String name, Optional<String> id) {
    json.writeName(name);
    id.ifPresentOrElse(json::writeString, json::writeNull);
  }

  private static Optional<String> id(Model model) {
    return Optional.of(model.id().toString());
  }

  private static Optional<Long> boxed(OptionalLong value) {
    return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
  }
}
