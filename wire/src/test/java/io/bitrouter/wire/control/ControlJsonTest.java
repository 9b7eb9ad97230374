package io.bitrouter.wire.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.wire.control.Keys.EnterNamespace;
import io.bitrouter.wire.control.Keys.KeyRevoked;
import io.bitrouter.wire.control.Keys.MintKey;
import io.bitrouter.wire.control.Keys.MintedKey;
import io.bitrouter.wire.control.Models.ModelPricing;
import io.bitrouter.wire.control.Usage.RequestDecision;
import io.bitrouter.wire.control.Usage.RequestPage;
import io.bitrouter.wire.control.Usage.RequestRow;
import io.bitrouter.wire.control.Usage.RequestTokens;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlJsonTest {
  private static <T> T read(String json, Class<T> type) {
    return ControlJson.read(json.getBytes(StandardCharsets.UTF_8), type);
  }

  @Test
  void membersAreSnakeCaseInDeclaredOrderAndEmptyOnesAreLeftOut() {
    MintedKey key =
        new MintedKey("brk_a.b", "key_1", "brk_a", "agent", List.of("keys:read"), Optional.empty());

    assertThat(ControlJson.text(key))
        .isEqualTo(
            "{\"token\":\"brk_a.b\",\"id\":\"key_1\",\"key_prefix\":\"brk_a\","
                + "\"display_name\":\"agent\",\"scopes\":[\"keys:read\"]}");
    assertThat(key.toString()).doesNotContain("brk_a.b");
  }

  @Test
  void timesAreRfc3339() {
    Instant expiry = Instant.parse("2026-05-01T00:00:00.250Z");
    MintKey wanted = new MintKey("agent", List.of("keys:read"), Optional.of(expiry));

    String text = ControlJson.text(wanted);

    assertThat(text).contains("\"expires_at\":\"2026-05-01T00:00:00.250Z\"");
    assertThat(read(text, MintKey.class)).isEqualTo(wanted);
  }

  @Test
  void bucketNamesWithDigitsAreAsDocumented() {
    RequestTokens tokens = new RequestTokens(1, 2, 3, 4, 5, 6);

    assertThat(ControlJson.text(tokens))
        .isEqualTo(
            "{\"uncached_input\":1,\"cache_read\":2,\"cache_write_5m\":3,\"cache_write_1h\":4,"
                + "\"output\":5,\"reasoning\":6}");
    assertThat(read(ControlJson.text(tokens), RequestTokens.class)).isEqualTo(tokens);
    assertThat(
            ControlJson.text(
                new ModelPricing(1, 2, Optional.empty(), Optional.of(3L), Optional.of(4L))))
        .isEqualTo(
            "{\"input_pico_usd\":1,\"output_pico_usd\":2,\"cache_write_5m_pico_usd\":3,"
                + "\"cache_write_1h_pico_usd\":4}");
    assertThat(ControlJson.text(new RequestDecision(9, Optional.of(7L), 1, Optional.of("ab"))))
        .isEqualTo("{\"input_bytes\":9,\"declared_output\":7,\"n\":1,\"tools_sha256\":\"ab\"}");
  }

  @Test
  void unknownMembersAreIgnoredButToldAndNullMeansAbsent() {
    List<String> ignored = new ArrayList<>();
    MintKey key =
        ControlJson.read(
            ("{\"scope\":1,\"display_name\":\"a\",\"scopes\":[],\"expires_at\":null,"
                    + "\"colour\":{\"a\":[1]}}")
                .getBytes(StandardCharsets.UTF_8),
            MintKey.class,
            ignored::add);

    assertThat(key).isEqualTo(new MintKey("a", List.of(), Optional.empty()));
    assertThat(ignored).containsExactly("scope", "colour");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"scopes\":[]}|member 'display_name' is required",
        "{\"display_name\":\"a\",\"scopes\":[null]}|member 'scopes[0]' must not be null",
        "{\"display_name\":5,\"scopes\":[]}"
            + "|member 'display_name' does not have the expected type (line 1, column 17)",
        "{\"display_name\":\"a\",\"scopes\":\"b\"}"
            + "|member 'scopes' does not have the expected type (line 1, column 30)",
        "{\"display_name\":\"a\",\"scopes\":[],\"expires_at\":\"tomorrow\"}"
            + "|member 'expires_at' is not an RFC 3339 time such as 2026-05-01T00:00:00Z",
        "{\"display_name\":\"a\",\"display_name\":\"b\",\"scopes\":[]}"
            + "|a member occurs twice (line 1, column 35)",
        "{\"display_name\":|the body is not valid JSON (line 1, column 17)",
        "[]|the body does not have the expected type (line 1, column 1)",
        "null|the body must be a JSON object",
      })
  void aBadBodyIsExplainedToItsSender(String json, String message) {
    assertThatThrownBy(() -> read(json, MintKey.class))
        .isInstanceOf(ControlFormatException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"revoked\":true,\"revoked_descendants\":1.0}",
        "{\"revoked\":true,\"revoked_descendants\":\"1\"}",
        "{\"revoked\":true,\"revoked_descendants\":9223372036854775808}",
        "{\"revoked\":true,\"revoked_descendants\":null}",
        "{\"revoked\":true}",
        "{\"revoked\":1,\"revoked_descendants\":1}",
        "{\"revoked\":true,\"revoked_descendants\":1} x",
        "{\"revoked\":true,\"revoked_descendants\":1}{}",
        "''",
      })
  void integersStayIntegersAndNothingFollows(String json) {
    assertThatThrownBy(() -> read(json, KeyRevoked.class))
        .isInstanceOf(ControlFormatException.class);
  }

  @Test
  void aMissingIntegerIsNotZero() {
    assertThatThrownBy(() -> read("{\"reason\":\"a\",\"scopes\":[]}", EnterNamespace.class))
        .isInstanceOf(ControlFormatException.class)
        .hasMessage("member 'ttl_secs' is required");
  }

  @Test
  void aWholeRequestRowSurvives() {
    Instant start = Instant.parse("2026-05-01T00:00:00Z");
    RequestRow row =
        new RequestRow(
            "req_1",
            "req_1",
            "succeeded",
            Optional.of("sim/echo"),
            Optional.of("sim"),
            3,
            4,
            Optional.of(1L),
            Optional.of(true),
            start,
            Optional.of(start.plusMillis(5)),
            start,
            "ns_1",
            "key_1",
            "key_1",
            Optional.empty(),
            "chat",
            Optional.of("chat"),
            Optional.of("sim/echo"),
            Optional.of("echo"),
            200,
            Optional.empty(),
            Optional.empty(),
            Optional.of("stop"),
            1,
            Optional.of(2L),
            5,
            300,
            new RequestTokens(3, 0, 0, 0, 4, 0),
            "reported",
            "computed",
            999,
            Optional.of("2026-01-01"),
            Optional.of(new RequestDecision(20, Optional.empty(), 1, Optional.empty())),
            1);
    RequestPage page = new RequestPage(List.of(row), 25, 0, Optional.of("req_0"));

    assertThat(read(ControlJson.text(page), RequestPage.class)).isEqualTo(page);
  }
}
