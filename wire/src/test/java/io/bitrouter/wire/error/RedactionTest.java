package io.bitrouter.wire.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-proj-abcDEF123456",
        "sk-ant-api03-AAAA_bbbb-1234",
        "AIzaSyA1234567890abcdefghijklmn",
        "brk_0123456789abcdef.ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ab",
        "bro_aaaaaaaa.bbbbbbbb",
        "xai-abcdefgh1234",
        "gsk_abcdefgh",
        "ghp_abcdefgh1234",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "0123456789abcdef0123456789abcdef",
        "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4MTIzNA=="
      })
  void takesCredentialsOut(String secret) {
    for (String text :
        new String[] {
          secret,
          "key " + secret + " is wrong",
          "(" + secret + ")",
          "Authorization: Bearer " + secret,
          "\"" + secret + "\",",
          "https://u:" + secret + "@host/?key=" + secret
        }) {
      assertThat(Redaction.of(text)).doesNotContain(secret.substring(0, 8)).contains("[redacted]");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bearer s3cr3t-value",
        "Basic dXNlcjpwYXNz0",
        "api_key=abcd1234",
        "\"api_key\": \"abcd1234\"",
        "x-api-key: abcd1234",
        "token='abcd1234'",
        "password=hunter-22"
      })
  void takesOutWhatIsAnnouncedAsASecret(String text) {
    assertThat(Redaction.of(text))
        .doesNotContain("s3cr3t", "dXNlcjpwYXNz0", "abcd1234", "hunter")
        .contains("[redacted]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prompt is too long: 209000 tokens > 200000 maximum",
        "model 'meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8' not found",
        "This model's maximum context length is 8192 tokens, however you requested 9000 tokens",
        "messages.0.content: Input should be a valid list",
        "max_tokens: 9 > 8, which is the maximum allowed for claude-3-5-sonnet-20241022",
        "token count exceeds the limit",
        "größer als 5 €, 日本 😀"
      })
  void leavesOrdinaryTextAlone(String text) {
    assertThat(Redaction.of(text)).isEqualTo(text);
  }

  @Test
  void cutsAt1024CharactersAndNeverInsideACharacter() {
    assertThat(Redaction.of("x ".repeat(2_000))).hasSize(1_024);
    String odd = "x" + "😀".repeat(1_000);
    assertThat(Redaction.of(odd)).hasSize(1_023).isEqualTo(odd.substring(0, 1_023));
    assertThat(Redaction.of("x".repeat(1_020) + " sk-proj-abcdef123456")).doesNotContain("sk-p");
  }

  @Test
  void takesControlCharactersOut() {
    assertThat(Redaction.of("a\u0000b\u001b[31mc")).isEqualTo("a b [31mc");
  }
}
