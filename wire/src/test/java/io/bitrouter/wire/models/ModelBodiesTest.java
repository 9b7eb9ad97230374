package io.bitrouter.wire.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.catalog.Abilities;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.ModelId;
import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.catalog.ProviderId;
import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.Models.ModelList;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ModelBodiesTest {

  private static final ModelBodies BODIES = new ModelBodies(Instant.parse("2026-08-01T00:00:00Z"));
  private static final Model PRICED =
      new Model(
          new ModelId(new ProviderId("openai"), "gpt-x"),
          "gpt-x",
          Optional.of(new Price(2_500_000, 250_000, 2_500_000, 2_500_000, 10_000_000)),
          "2026-08-01",
          OptionalLong.of(128_000),
          OptionalLong.of(16_384),
          false,
          new Abilities(List.of("text", "image"), Optional.empty()));
  private static final Model UNPRICED =
      new Model(
          new ModelId(new ProviderId("local"), "a/b"),
          "b",
          Optional.empty(),
          "",
          OptionalLong.empty(),
          OptionalLong.empty(),
          false,
          Abilities.UNKNOWN);

  @Test
  void listIsReadByOpenAiClientsAndByOurOwn() {
    assertThat(text(BODIES.one(PRICED)))
        .isEqualTo(
            "{\"id\":\"openai/gpt-x\",\"object\":\"model\",\"created\":1785542400,"
                + "\"owned_by\":\"openai\",\"type\":\"model\",\"display_name\":\"gpt-x\","
                + "\"input_modalities\":[\"text\",\"image\"],\"output_modalities\":[\"text\"],"
                + "\"capabilities\":[\"streaming\"],\"max_input_tokens\":128000,"
                + "\"max_output_tokens\":16384,\"pricing\":{\"input_pico_usd\":2500000,"
                + "\"output_pico_usd\":10000000,\"cache_read_pico_usd\":250000,"
                + "\"cache_write_5m_pico_usd\":2500000,\"cache_write_1h_pico_usd\":2500000},"
                + "\"providers\":[\"openai\"]}");
    ModelList list = ControlJson.read(BODIES.list(List.of(PRICED, UNPRICED)), ModelList.class);
    assertThat(list.object()).isEqualTo("list");
    assertThat(list.data()).extracting("id").containsExactly("openai/gpt-x", "local/a/b");
    assertThat(list.data().getLast().pricing()).isEmpty();
  }

  @Test
  void anthropicClientsGetTheirOwnShape() {
    assertThat(text(BODIES.anthropicList(List.of(PRICED, UNPRICED))))
        .isEqualTo(
            "{\"data\":[{\"type\":\"model\",\"id\":\"openai/gpt-x\",\"display_name\":\"gpt-x\","
                + "\"created_at\":\"2026-08-01T00:00:00Z\","
                + "\"input_modalities\":[\"text\",\"image\"],\"max_input_tokens\":128000,"
                + "\"max_tokens\":16384},{\"type\":\"model\","
                + "\"id\":\"local/a/b\",\"display_name\":\"a/b\","
                + "\"created_at\":\"2026-08-01T00:00:00Z\","
                + "\"input_modalities\":[\"text\"]}],\"has_more\":false,"
                + "\"first_id\":\"openai/gpt-x\",\"last_id\":\"local/a/b\"}");
    assertThat(text(BODIES.anthropicOne(UNPRICED)))
        .startsWith("{\"type\":\"model\",\"id\":\"local/a/b\"");
  }

  @Test
  void geminisClientsAreToldWhatAModelCanBeAsked() {
    Model embedding =
        new Model(
            new ModelId(new ProviderId("openai"), "text-embedding"),
            "text-embedding",
            Optional.empty(),
            "",
            OptionalLong.of(8_192),
            OptionalLong.of(0),
            false,
            Abilities.UNKNOWN);
    assertThat(text(BODIES.geminiList(List.of(PRICED, embedding))))
        .isEqualTo(
            "{\"models\":[{\"name\":\"models/openai/gpt-x\",\"displayName\":\"gpt-x\","
                + "\"inputModalities\":[\"text\",\"image\"],\"inputTokenLimit\":128000,\"outputTokenLimit\":16384,"
                + "\"supportedGenerationMethods\":[\"generateContent\",\"streamGenerateContent\","
                + "\"countTokens\"]},{\"name\":\"models/openai/text-embedding\","
                + "\"displayName\":\"text-embedding\",\"inputModalities\":[\"text\"],\"inputTokenLimit\":8192,"
                + "\"outputTokenLimit\":0,\"supportedGenerationMethods\":[\"embedContent\","
                + "\"batchEmbedContents\",\"countTokens\"]}]}");
    assertThat(text(BODIES.one(embedding)))
        .contains("\"output_modalities\":[\"embeddings\"],\"capabilities\":[]");
    assertThat(text(BODIES.geminiOne(UNPRICED))).contains("\"generateContent\"");
  }

  @Test
  void noModelsIsAnEmptyList() {
    assertThat(text(BODIES.list(List.of()))).contains("\"data\":[]").contains("\"has_more\":false");
    assertThat(text(BODIES.anthropicList(List.of())))
        .isEqualTo("{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
