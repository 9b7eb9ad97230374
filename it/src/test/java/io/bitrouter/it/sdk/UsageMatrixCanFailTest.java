package io.bitrouter.it.sdk;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.it.node.NodeWorld;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that was told other figures than those in the books is found out. */
final class UsageMatrixCanFailTest {

  @RegisterExtension static final NodeWorld WORLD = Vendor.world();

  @ParameterizedTest
  @CsvSource({
    "1, 0, 0, 0, CHAT, usage of",
    "0, 1, 0, 0, CHAT, expected: 41L",
    "0, 0, 1, 0, CHAT, usage of",
    "0, 0, 0, 1, CHAT, charge of",
    "0, 0, 0, 0, MESSAGES, buckets of"
  })
  void oneTokenIsFoundOut(
      long prompt, long cached, long completion, long said, Vendor upstream, String complaint) {
    WORLD.upstream().answerBy(Scripts.answering(Answer.saying("one").using(Tokens.CACHED)));
    WORLD
        .client()
        .post(
            "/v1/chat/completions",
            "{\"model\":\"model-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
        .mustBe(200);
    Tokens used = Tokens.CACHED;
    Seen seen =
        new Seen(used.prompt() + prompt, used.cacheRead() + cached, used.completion() + completion);
    Tokens claimed =
        new Tokens(
            used.uncached(),
            used.cacheRead(),
            used.cacheWrite() + said,
            used.output(),
            used.reasoning());
    assertThatThrownBy(() -> seen.mustBeBooked(WORLD, upstream, claimed))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(complaint);
  }
}
