package io.bitrouter.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What providers say of usage is charged to the nano-dollar. */
class PricedCasesTest {

  @Test
  void everyCaseIsReadAndPricedWithoutError() throws IOException {
    List<PricedCases.Case> cases = PricedCases.of(corpus());
    assertThat(cases.stream().flatMap(each -> each.errors().stream())).isEmpty();
    assertThat(cases.stream().filter(each -> !each.nanos().equals("-")))
        .as("cases with a charge")
        .hasSizeGreaterThanOrEqualTo(300);
    Set<String> dialects = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (PricedCases.Case each : cases) {
      dialects.add(each.dialect());
      assertThat(names.add(each.name())).as(each.name()).isTrue();
    }
    assertThat(dialects)
        .containsExactlyInAnyOrder(
            "chat", "messages", "responses", "gemini", "embeddings", "count");
  }

  static String corpus() throws IOException {
    try (InputStream in = PricedCasesTest.class.getResourceAsStream("/golden/priced/cases.tsv")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
