package io.bitrouter.it.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.TestKey;
import io.bitrouter.testkit.UpstreamScript;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests, tokens and concurrency in sliding windows. */
final class RateLimitTest {

  private static final String CHAT = "/v1/chat/completions";

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  @Test
  void requestsPassTheLimitAndNoneMore() {
    TestKey key = Rules.key(WORLD.node(), "limited");
    ControlClient client = WORLD.node().with(key.token());
    Rules.bindToKey(
        WORLD.client(), "rate_limit", "{\"window_secs\":3600,\"max_requests\":20}", key);
    List<Reply> replies =
        Rules.burst(60, 16, () -> client.post(CHAT, Rules.chat("fake-chat", 5, false)));
    assertThat(replies.stream().filter(reply -> reply.status() == 200)).hasSize(20);
    Reply refused =
        replies.stream().filter(reply -> reply.status() == 429).findFirst().orElseThrow();
    assertThat(refused.json().at("/error/code").asString()).isEqualTo("rate_limited");
    long seconds = Long.parseLong(refused.header("retry-after").orElseThrow());
    long millis = Long.parseLong(refused.header("retry-after-ms").orElseThrow());
    assertThat(millis).isBetween(3_500_000L, 3_660_000L);
    assertThat(seconds).isEqualTo(Math.ceilDiv(millis, 1_000));
    assertThat(refused.header("x-should-retry")).hasValue("true");
  }

  @Test
  void answersTellHowTheLimitsStand() {
    TestKey key = Rules.key(WORLD.node(), "told");
    ControlClient client = WORLD.node().with(key.token());
    Rules.bindToKey(
        WORLD.client(),
        "rate_limit",
        "{\"window_secs\":60,\"max_requests\":10,\"max_tokens\":1000}",
        key);
    client.post(CHAT, Rules.chat("fake-chat", 100, false)).mustBe(200);
    Reply reply = client.post(CHAT, Rules.chat("fake-chat", 100, false)).mustBe(200);
    assertThat(reply.header("x-ratelimit-limit-requests")).hasValue("10");
    assertThat(reply.header("x-ratelimit-remaining-requests")).hasValue("8");
    assertThat(reply.header("x-ratelimit-remaining-tokens")).hasValue("800");
    assertThat(reply.header("x-ratelimit-reset-requests").orElseThrow()).endsWith("ms");
  }

  @Test
  void whatIsRefusedUsesNothingUp() {
    TestKey key = Rules.key(WORLD.node(), "frugal");
    ControlClient client = WORLD.node().with(key.token());
    Rules.bindToKey(
        WORLD.client(), "rate_limit", "{\"window_secs\":3600,\"max_tokens\":1000}", key);
    client.post(CHAT, Rules.chat("fake-chat", 600, false)).mustBe(200);
    for (int i = 0; i < 5; i++) {
      client.post(CHAT, Rules.chat("fake-chat", 500, false)).mustBe(429);
    }
    client.post(CHAT, Rules.chat("fake-chat", 400, false)).mustBe(200);
    Reply never = client.post(CHAT, Rules.chat("fake-chat", 1_001, false)).mustBe(400);
    assertThat(never.json().at("/error/code").asString()).isEqualTo("exceeds_limit");
  }

  @Test
  void usedTokensCountWhenTheLimitSaysSo() {
    TestKey key = Rules.key(WORLD.node(), "actual");
    ControlClient client = WORLD.node().with(key.token());
    Rules.bindToKey(
        WORLD.client(),
        "rate_limit",
        "{\"window_secs\":3600,\"max_tokens\":28,\"count\":\"actual\"}",
        key);
    client.post(CHAT, Rules.chat("fake-chat", 9_000, false)).mustBe(200);
    client.post(CHAT, Rules.chat("fake-chat", 9_000, true)).mustBe(200);
    client.post(CHAT, Rules.chat("fake-chat", 1, false)).mustBe(429);
  }

  @Test
  void noMoreAreInFlightThanTheLimitAllows() {
    TestKey key = Rules.key(WORLD.node(), "few");
    ControlClient client = WORLD.node().with(key.token());
    Rules.bindToKey(WORLD.client(), "rate_limit", "{\"window_secs\":60,\"max_concurrent\":2}", key);
    WORLD.upstream().answer(UpstreamScript.ok().paced(Duration.ofSeconds(1), Duration.ZERO));
    List<Reply> replies =
        Rules.burst(6, 6, () -> client.post(CHAT, Rules.chat("fake-chat", 5, false)));
    assertThat(replies.stream().filter(reply -> reply.status() == 200)).hasSize(2);
    assertThat(replies.stream().filter(reply -> reply.status() == 429))
        .allMatch(reply -> reply.json().at("/error/code").asString().equals("concurrency_limited"));
    WORLD.upstream().answer(UpstreamScript.ok());
    client.post(CHAT, Rules.chat("fake-chat", 5, false)).mustBe(200);
  }

  @Test
  void aLimitOnTheNamespaceCountsAllItsKeys() {
    String namespace = WORLD.node().createNamespace("shared-limit");
    TestKey one = WORLD.node().mint(namespace, "one", TestKey.ALL_SCOPES);
    TestKey two = WORLD.node().mint(namespace, "two", TestKey.ALL_SCOPES);
    Rules.create(
        WORLD.node().with(one.token()),
        "rate_limit",
        "{\"window_secs\":3600,\"max_requests\":3}",
        "namespace",
        "me");
    for (TestKey key : List.of(one, two, one)) {
      WORLD.node().with(key.token()).post(CHAT, Rules.chat("fake-chat", 5, false)).mustBe(200);
    }
    for (TestKey key : List.of(one, two)) {
      WORLD.node().with(key.token()).post(CHAT, Rules.chat("fake-chat", 5, false)).mustBe(429);
    }
  }
}
