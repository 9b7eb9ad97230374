package io.bitrouter.wire.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

class NumbersTest {

  /** As floating point they lost digits, or were written as the text "Infinity". */
  @ParameterizedTest
  @ValueSource(strings = {"1e999", "-1e999999999", "3.14159265358979323846", "0.1", "1e-400"})
  void fractionsAreWrittenAsTheyWereRead(String number) {
    for (JsonNode tree : new JsonNode[] {tree(number), Json.strictTree(bytes(number))}) {
      String written = Json.text(tree);
      assertThat(written).doesNotContain("\"");
      assertThat(new BigDecimal(written)).isEqualTo(new BigDecimal(number));
    }
  }

  @Test
  void exponentsBeyondTheLimitAreAFaultOfTheBody() {
    assertThatThrownBy(() -> tree("1E+2147483648")).isInstanceOf(JacksonException.class);
    assertThatThrownBy(() -> Json.strictTree(bytes("-1E-2147483649")))
        .isInstanceOf(JacksonException.class);
  }

  private static JsonNode tree(String text) {
    byte[] json = bytes(text);
    return Json.tree(json, 0, json.length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
