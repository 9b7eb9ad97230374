package io.bitrouter.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Usage figures that no honest upstream sends. */
class HostileUsageTest {

  private static final String CHAT = "{\"choices\":[],\"usage\":%s}";
  private static final String MESSAGES = "{\"content\":[],\"usage\":%s}";

  private static final Dialect EMBEDDINGS = new DialectRegistry().embeddings();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "1.5",
        "1e3",
        "1000000001",
        "9223372036854775808",
        "1e999",
        "\"7\"",
        "true",
        "null",
        "[1]",
        "{\"a\":1}",
        "-9223372036854775808",
        "123456789012345678901234567890"
      })
  void figuresThatCannotBeAreNotReports(String figure) {
    assertThat(usage(Dialects.CHAT, CHAT, chat(figure, "5"))).isEmpty();
    assertThat(usage(Dialects.CHAT, CHAT, chat("5", figure))).isEmpty();
    assertThat(usage(Dialects.MESSAGES, MESSAGES, messages(figure, "5"))).isEmpty();
    assertThat(usage(Dialects.MESSAGES, MESSAGES, messages("5", figure))).isEmpty();
    assertThat(usage(EMBEDDINGS, "{\"data\":[],\"usage\":%s}", chat(figure, "0"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1.5", "99999999999999999999", "\"7\"", "null", "[1]"})
  void detailsThatCannotBeCountAsAbsent(String figure) {
    assertThat(
            usage(
                Dialects.CHAT,
                CHAT,
                ("{\"prompt_tokens\":5,\"completion_tokens\":3,\"total_tokens\":%1$s,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":%1$s,\"cache_write_tokens\":%1$s},"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":%1$s},\"cost\":%1$s}")
                    .replace("%1$s", figure)))
        .hasValueSatisfying(
            usage -> assertThat(usage.tokens()).isEqualTo(new TokenUsage(5, 0, 0, 0, 3, 0)));
    assertThat(
            usage(
                Dialects.MESSAGES,
                MESSAGES,
                ("{\"input_tokens\":5,\"output_tokens\":3,\"cache_read_input_tokens\":%1$s,"
                        + "\"cache_creation_input_tokens\":%1$s,"
                        + "\"cache_creation\":{\"ephemeral_1h_input_tokens\":%1$s}}")
                    .replace("%1$s", figure)))
        .hasValueSatisfying(
            usage -> assertThat(usage.tokens()).isEqualTo(new TokenUsage(5, 0, 0, 0, 3, 0)));
  }

  @Test
  void theLargestFiguresAreBelieved() {
    assertThat(usage(Dialects.CHAT, CHAT, chat("1000000000", "1000000000"))).isPresent();
  }

  @Test
  void chatBucketsAlwaysAddUpToTheReport() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int run = 0; run < 5_000; run++) {
      int prompt = random.nextInt(50);
      int completion = random.nextInt(50);
      String report =
          ("{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d,"
                  + "\"cached_tokens\":%d,\"prompt_tokens_details\":{\"cache_write_tokens\":%d},"
                  + "\"completion_tokens_details\":{\"reasoning_tokens\":%d}}")
              .formatted(
                  prompt,
                  completion,
                  prompt + completion,
                  random.nextInt(80),
                  random.nextInt(80),
                  random.nextInt(80));
      TokenUsage tokens = usage(Dialects.CHAT, CHAT, report).orElseThrow().tokens();
      if (tokens.promptTokens() != prompt || tokens.completionTokens() != completion) {
        throw new AssertionError("seed " + seed + ", run " + run + ": " + report + " " + tokens);
      }
    }
  }

  private static String chat(String prompt, String completion) {
    return "{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":" + completion + "}";
  }

  private static String messages(String input, String output) {
    return "{\"input_tokens\":" + input + ",\"output_tokens\":" + output + "}";
  }

  private static Optional<MeasuredUsage> usage(Dialect dialect, String body, String usage) {
    DecodedRequest request = Dialects.decoded(dialect, "{\"model\":\"m\"}");
    return Dialects.passage(dialect, request, "m", OptionalLong.empty())
        .whole(bytes(body.formatted(usage)))
        .usage();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
