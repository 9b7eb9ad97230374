package io.bitrouter.wire.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamRefusalsTest {

  @ParameterizedTest
  @CsvSource({
    "400,UPSTREAM_REJECTED,400", "404,UPSTREAM_REJECTED,404", "413,UPSTREAM_REJECTED,413",
    "422,UPSTREAM_REJECTED,422", "429,UPSTREAM_REJECTED,429", "529,UPSTREAM_REJECTED,529",
    "409,UPSTREAM_REJECTED,400", "401,UPSTREAM_CREDENTIAL,502", "402,UPSTREAM_CREDENTIAL,502",
    "403,UPSTREAM_CREDENTIAL,502", "407,UPSTREAM_CREDENTIAL,502", "408,UPSTREAM_TIMEOUT,504",
    "504,UPSTREAM_TIMEOUT,504", "503,UPSTREAM_UNAVAILABLE,503", "500,UPSTREAM_ERROR,502",
    "502,UPSTREAM_ERROR,502", "301,UPSTREAM_ERROR,502", "101,UPSTREAM_ERROR,502",
    "204,UPSTREAM_ERROR,502", "999,UPSTREAM_ERROR,502",
  })
  void mapsStatuses(int status, RefusalCode code, int shown) {
    Refusal refusal = refusal(status, "{\"error\":{\"message\":\"theirs\"}}");
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal.status()).isEqualTo(shown);
    assertThat(refusal.message().contains("theirs"))
        .as("words of the upstream only where the request is at fault")
        .isEqualTo(code == RefusalCode.UPSTREAM_REJECTED);
  }

  @Test
  void keepsWhatTheUpstreamSaid() {
    Refusal openai =
        refusal(
            400,
            "{\"error\":{\"message\":\"too long: 9 > 8\",\"type\":\"invalid_request_error\","
                + "\"param\":\"messages\",\"code\":\"context_length_exceeded\"}}");
    assertThat(openai.message()).isEqualTo("too long: 9 > 8");
    assertThat(openai.param()).hasValue("messages");
    assertThat(openai.upstreamCode()).hasValue("context_length_exceeded");

    Refusal anthropic =
        refusal(
            413,
            "{\"type\":\"error\",\"error\":{\"type\":\"request_too_large\",\"message\":\"big\"},"
                + "\"request_id\":\"req_x\"}");
    assertThat(anthropic.message()).isEqualTo("big");
    assertThat(anthropic.upstreamCode()).isEmpty();

    assertThat(refusal(422, "{\"detail\":\"no such field\"}").message()).isEqualTo("no such field");
    assertThat(refusal(400, "{\"message\":\"m\",\"code\":7}").upstreamCode()).hasValue("7");
    assertThat(refusal(400, "{\"error\":\"plain\"}").message()).isEqualTo("plain");
    assertThat(refusal(400, "[{\"error\":{\"message\":\"listed\"}}]").message())
        .isEqualTo("listed");
    assertThat(refusal(400, "just text").message()).isEqualTo("just text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "<html>nginx</html>",
        "{\"error\":",
        "{}",
        "null",
        "[]",
        "{\"error\":{}}"
      })
  void saysSoWhenTheUpstreamSaidNothing(String body) {
    assertThat(refusal(404, body).message())
        .isEqualTo("the upstream answered 404 without an explanation");
  }

  @Test
  void surviversOfAnyBytes() {
    byte[] garbage = {(byte) 0xFF, 0, '{', (byte) 0xC3};
    assertThat(UpstreamRefusals.of(400, garbage, OptionalInt.empty()).message())
        .isEqualTo("the upstream answered 400 without an explanation");
    String deep = "{\"error\":".repeat(5_000);
    assertThat(refusal(400, deep).status()).isEqualTo(400);
  }

  @Test
  void passesRetryAfterOn() {
    assertThat(UpstreamRefusals.of(429, new byte[0], OptionalInt.of(17)).retryAfterMillis())
        .hasValue(17_000);
    assertThat(UpstreamRefusals.of(503, new byte[0], OptionalInt.of(5)).retryAfterMillis())
        .hasValue(5_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"message\":\"Incorrect API key provided: xa***yz\"}}",
        "{\"error\":{\"message\":\"x\",\"code\":\"invalid_api_key\"}}",
        "[{\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid one.\"}}]"
      })
  void takesA400ThatBlamesTheKeyForItsOwn(String body) {
    Refusal refusal = refusal(400, body);
    assertThat(refusal.code()).isEqualTo(RefusalCode.UPSTREAM_CREDENTIAL);
    assertThat(refusal.message()).doesNotContain("xa***");
  }

  private static Refusal refusal(int status, String body) {
    return UpstreamRefusals.of(status, body.getBytes(StandardCharsets.UTF_8), OptionalInt.empty());
  }
}
