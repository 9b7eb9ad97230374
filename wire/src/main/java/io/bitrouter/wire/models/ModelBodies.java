package io.bitrouter.wire.models;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.Price;
import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.Models.ModelInfo;
import io.bitrouter.wire.control.Models.ModelList;
import io.bitrouter.wire.control.Models.ModelPricing;
import io.bitrouter.wire.control.Rfc3339;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

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
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.putArray("data").addAll(models.stream().map(this::anthropic).toList());
    list.put("has_more", false)
        .put("first_id", models.isEmpty() ? null : models.getFirst().id().toString())
        .put("last_id", models.isEmpty() ? null : models.getLast().id().toString());
    return ControlJson.bytes(list);
  }

  /** One model in Anthropic's shape. */
  public byte[] anthropicOne(Model model) {
    return ControlJson.bytes(anthropic(model));
  }

  /** All of {@code models} in Gemini's shape. */
  public byte[] geminiList(List<Model> models) {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.putArray("models").addAll(models.stream().map(ModelBodies::gemini).toList());
    return ControlJson.bytes(list);
  }

  /** One model in Gemini's shape. */
  public byte[] geminiOne(Model model) {
    return ControlJson.bytes(gemini(model));
  }

  private static ObjectNode gemini(Model model) {
    ObjectNode shown =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", "models/" + model.id())
            .put("displayName", model.id().model());
    inputs(model, shown.putArray("inputModalities"));
    model.contextTokens().ifPresent(tokens -> shown.put("inputTokenLimit", tokens));
    model.maxOutputTokens().ifPresent(tokens -> shown.put("outputTokenLimit", tokens));
    ArrayNode methods = shown.putArray("supportedGenerationMethods");
    (model.onlyEmbeds()
            ? List.of("embedContent", "batchEmbedContents", "countTokens")
            : List.of("generateContent", "streamGenerateContent", "countTokens"))
        .forEach(methods::add);
    return shown;
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
        model.abilities().input(),
        List.of(model.onlyEmbeds() ? "embeddings" : "text"),
        model.onlyEmbeds() ? List.of() : List.of("streaming"),
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

  private ObjectNode anthropic(Model model) {
    ObjectNode shown =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "model")
            .put("id", model.id().toString())
            .put("display_name", model.id().model())
            .put("created_at", Rfc3339.format(listedAt));
    // Its own list of capabilities is all or nothing, and this is all that is known.
    inputs(model, shown.putArray("input_modalities"));
    model.contextTokens().ifPresent(tokens -> shown.put("max_input_tokens", tokens));
    model.maxOutputTokens().ifPresent(tokens -> shown.put("max_tokens", tokens));
    return shown;
  }

  private static void inputs(Model model, ArrayNode into) {
    model.abilities().input().forEach(into::add);
  }

  private static Optional<Long> boxed(OptionalLong value) {
    return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
  }
}
