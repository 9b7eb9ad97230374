package io.bitrouter.node.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.node.provider.BundledCatalog.KnownProvider;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundledCatalogTest {

  private static final BundledCatalog CATALOG = BundledCatalog.load();

  @Test
  void isDatedAndNamesItsProviders() {
    assertThat(CATALOG.version()).isEqualTo(CATALOG.asOf().toString());
    assertThat(CATALOG.providers())
        .extracting(known -> known.id().text())
        .containsExactly("openai", "anthropic", "google");
  }

  @Test
  void noIdIsThereTwice() {
    List<String> ids =
        CATALOG.providers().stream()
            .flatMap(provider -> provider.models().stream())
            .map(model -> model.id().toString())
            .toList();
    assertThat(ids).hasSizeGreaterThan(30).doesNotHaveDuplicates();
  }

  @Test
  void everyModelHasLimitsAndPricesThatMakeSense() {
    for (KnownProvider provider : CATALOG.providers()) {
      for (Model model : provider.models()) {
        assertThat(model.contextTokens().orElseThrow()).as(model.id().toString()).isPositive();
        if (model.onlyEmbeds()) {
          continue;
        }
        assertThat(model.maxOutputTokens().orElseThrow())
            .as(model.id().toString())
            .isPositive()
            .isLessThanOrEqualTo(model.contextTokens().getAsLong());
        sensible(model.id().toString(), model.price().orElseThrow());
        model
            .price()
            .orElseThrow()
            .longPrompt()
            .ifPresent(tier -> {
              assertThat(tier.aboveTokens()).isBetween(1_000L, model.contextTokens().getAsLong());
              assertThat(tier.price().longPrompt()).isEmpty();
              assertThat(tier.price().output()).isGreaterThan(model.price().orElseThrow().output());
              assertThat(tier.price().uncachedInput())
                  .isGreaterThan(model.price().orElseThrow().uncachedInput());
              sensible(model.id().toString(), tier.price());
            });
      }
    }
  }

  private static void sensible(String id, Price price) {
    assertThat(price.uncachedInput()).as(id).isPositive();
    assertThat(price.cacheRead()).as(id).isPositive().isLessThan(price.uncachedInput());
    assertThat(price.cacheWrite5m()).as(id).isGreaterThanOrEqualTo(price.uncachedInput());
    assertThat(price.cacheWrite1h()).as(id).isGreaterThanOrEqualTo(price.cacheWrite5m());
    assertThat(price.output()).as(id).isGreaterThan(price.uncachedInput());
  }

  @Test
  void whatOnlyEmbedsCostsItsInputAlone() {
    List<Model> embedding =
        CATALOG.providers().stream()
            .flatMap(provider -> provider.models().stream())
            .filter(Model::onlyEmbeds)
            .toList();
    assertThat(embedding)
        .extracting(model -> model.id().toString())
        .containsExactly("openai/text-embedding-3-small", "openai/text-embedding-3-large");
    assertThat(embedding)
        .extracting(model -> model.price().orElseThrow())
        .containsExactly(
            new Price(20_000, 20_000, 20_000, 20_000, 0),
            new Price(130_000, 130_000, 130_000, 130_000, 0));
  }

  /**
   * Anthropic publishes its cache writes as multiples of input: 1.25 for 5 minutes, 2 for 1 hour.
   */
  @Test
  void anthropicsCacheWritesFollowItsRule() {
    for (Model model : CATALOG.provider("anthropic").orElseThrow().models()) {
      assertThat(model.price().orElseThrow().cacheWrite5m() * 4)
          .as(model.id().toString())
          .isEqualTo(model.price().orElseThrow().uncachedInput() * 5);
      assertThat(model.price().orElseThrow().cacheWrite1h())
          .as(model.id().toString())
          .isEqualTo(model.price().orElseThrow().uncachedInput() * 2);
    }
  }

  @Test
  void anAliasIsAModelOfItsOwnWithTheSamePrice() {
    KnownProvider anthropic = CATALOG.provider("anthropic").orElseThrow();
    assertThat(anthropic.model("claude-haiku-4-5-20251001").orElseThrow().price())
        .isEqualTo(anthropic.model("claude-haiku-4-5").orElseThrow().price());
  }

  @Test
  void aLongPromptCostsItsOwnPriceFromTheFirstTokenAboveTheThreshold() {
    Price price =
        CATALOG
            .provider("anthropic")
            .flatMap(known -> known.model("claude-haiku-5-5"))
            .orElseThrow()
            .price()
            .orElseThrow();
    assertThat(price.costNanos(new TokenUsage(90_000, 10_000, 0, 0, 1_000, 0)))
        .isEqualTo(90_000 * 100 + 10_000 * 10 + 1_000 * 500);
    assertThat(price.costNanos(new TokenUsage(90_001, 10_000, 0, 0, 1_000, 0)))
        .isEqualTo(90_001 * 500 + 10_000 * 50 + 1_000 * 2_500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"version\":\"1\",\"as_of\":\"2026-01-01\",\"providers\":[{\"id\":\"x\"}]}",
        "{\"as_of\":\"2026-01-01\",\"providers\":[]}",
        "{\"version\":\"1\",\"as_of\":\"2026-01-01\",\"providers\":[{\"models\":[{\"id\":\"a\"}]}]}",
        "{\"version\":\"1\",\"as_of\":\"2026-01-01\",\"providers\":[{\"models\":[{\"id\":\"a\","
            + "\"price\":{\"input\":\"1\"}}]}]}",
        "{\"version\":\"1\",\"as_of\":\"2026-01-01\",\"providers\":[{\"models\":[{\"id\":\"a\","
            + "\"price\":{\"input\":\"1\",\"output\":\"2\",\"other\":\"3\"}}]}]}",
        "{\"version\":\"1\",\"as_of\":\"2026-01-01\",\"providers\":[{\"models\":[{\"id\":\"a\","
            + "\"price\":{\"input\":\"1\",\"output\":\"many\"}}]}]}"
      })
  void aBrokenTableIsADefectAndSaysSo(String json) {
    assertThatThrownBy(() -> BundledCatalog.read(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("catalog.json is broken");
  }
}
