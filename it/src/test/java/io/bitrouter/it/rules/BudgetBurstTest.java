package io.bitrouter.it.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.BookedRow;
import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.rules.BudgetJudgement.End;
import io.bitrouter.it.rules.BudgetJudgement.Refused;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.TestKey;
import io.bitrouter.testkit.UpstreamScript;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Four hundred requests, sixteen at a time, against two cents. */
final class BudgetBurstTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final long LIMIT = 20_000;
  private static final long TRANCHE = 4_096;

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  @ParameterizedTest
  @CsvSource({"strict,false", "strict,true", "metered,false", "metered,true"})
  void aBurstStopsAtTheLimitAndUsesIt(String mode, boolean streamed) {
    TestKey key = Rules.key(WORLD.node(), "burst " + mode + streamed);
    ControlClient client = WORLD.node().with(key.token());
    String policy =
        Rules.bindToKey(
            WORLD.client(),
            "budget",
            "{\"window\":\"day\",\"limit_micro_usd\":" + LIMIT + ",\"mode\":\"" + mode + "\"}",
            key);
    WORLD
        .upstream()
        .answer(
            UpstreamScript.ok()
                .withChunks(150)
                .withInputTokens(40)
                .paced(Duration.ofMillis(2), Duration.ZERO));
    Queue<Refused> refusals = new ConcurrentLinkedQueue<>();
    List<Reply> replies =
        Rules.burst(
            400,
            16,
            () -> {
              Reply reply = client.post(CHAT, Rules.chat("fake-chat", 200, streamed));
              if (reply.status() != 200) {
                refusals.add(Refused.of(reply, status(policy, "settled_micro_usd")));
              }
              return reply;
            });
    long passed = replies.stream().filter(reply -> reply.status() == 200).count();
    End end =
        new End(
            passed * 170,
            status(policy, "settled_micro_usd"),
            status(policy, "reserved_micro_usd"));
    long over = mode.equals("strict") ? 0 : TRANCHE;
    assertThat(new BudgetJudgement(LIMIT, over, 90).faults(List.copyOf(refusals), end))
        .as("%s, %s", end, refusals)
        .isEmpty();
    Reply refused =
        replies.stream().filter(reply -> reply.status() == 402).findFirst().orElseThrow();
    assertThat(refused.json().at("/error/code").asString()).isEqualTo("budget_exceeded");
    assertThat(refused.header("x-should-retry")).hasValue("false");
    assertThat(refused.text()).contains("$0.02", "bitrouter cloud budget update " + policy);
  }

  @ParameterizedTest
  @CsvSource({"/v1/chat/completions,fake-chat,length", "/v1/messages,fake-messages,max_tokens"})
  void aStreamThatOutrunsItsBudgetIsEndedAsALengthAndChargedWithinATranche(
      String path, String model, String reason) {
    TestKey key = Rules.key(WORLD.node(), "cut " + model);
    String policy =
        Rules.bindToKey(
            WORLD.client(), "budget", "{\"window\":\"day\",\"limit_micro_usd\":6000}", key);
    WORLD
        .upstream()
        .answer(UpstreamScript.ok().withChunks(30_000).paced(Duration.ZERO, Duration.ofNanos(1)));
    Reply reply =
        WORLD.node().with(key.token()).post(path, Rules.chat(model, 100_000, true)).mustBe(200);
    assertThat(reply.text())
        .contains("\"" + reason + "\"")
        .contains(": x-bitrouter-warnings: budget_exceeded");
    BookedRow row = WORLD.ledger().only();
    assertThat(row.text("status")).isEqualTo("succeeded");
    assertThat(row.text("code")).isEqualTo("budget_exceeded");
    assertThat(row.text("finish_reason")).isEqualTo("length");
    assertThat(row.text("charge_state")).isEqualTo("estimated");
    assertThat(row.number("charge_nano_usd")).isBetween(6_000_000L, 6_500_000L);
    assertThat(status(policy, "reserved_micro_usd")).isZero();
    WORLD.node().with(key.token()).post(path, Rules.chat(model, 100, true)).mustBe(402);
  }

  @Test
  void aRequestWaitsForMoneyThatOthersHoldAndIsNotRefused() {
    TestKey key = Rules.key(WORLD.node(), "waiting");
    ControlClient client = WORLD.node().with(key.token());
    Rules.bindToKey(
        WORLD.client(),
        "budget",
        "{\"window\":\"day\",\"limit_micro_usd\":5000,\"mode\":\"strict\"}",
        key);
    WORLD.upstream().answer(UpstreamScript.ok().paced(Duration.ofMillis(200), Duration.ZERO));
    // Each may cost $0.0042, so that one runs at a time; each costs $0.0000085.
    List<Reply> replies =
        Rules.burst(5, 5, () -> client.post(CHAT, Rules.chat("fake-chat", 4_000, false)));
    assertThat(replies).allMatch(reply -> reply.status() == 200);
  }

  @Test
  void whatOnlyRequestsInFlightHoldIsContendedAfterTheWait() {
    TestKey key = Rules.key(WORLD.node(), "contended");
    ControlClient client = WORLD.node().with(key.token());
    Rules.bindToKey(
        WORLD.client(),
        "budget",
        "{\"window\":\"day\",\"limit_micro_usd\":5000,\"mode\":\"strict\"}",
        key);
    WORLD.upstream().answer(UpstreamScript.ok().paced(Duration.ofSeconds(4), Duration.ZERO));
    List<Reply> replies =
        Rules.burst(2, 2, () -> client.post(CHAT, Rules.chat("fake-chat", 4_000, false)));
    Reply refused =
        replies.stream().filter(reply -> reply.status() == 429).findFirst().orElseThrow();
    assertThat(refused.json().at("/error/code").asString()).isEqualTo("budget_contended");
    assertThat(refused.header("retry-after")).isPresent();
  }

  private static long status(String policy, String member) {
    return WORLD
        .client()
        .get("/v1/namespaces/me/budgets/" + policy + "/status")
        .mustBe(200)
        .json()
        .path(member)
        .asLong();
  }
}
