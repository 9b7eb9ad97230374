package io.bitrouter.it.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.rules.BudgetJudgement.End;
import io.bitrouter.it.rules.BudgetJudgement.Refused;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.TestKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Coding agents on a budget of $5 a day: large prompts that mostly come from the provider's cache,
 * 32,000 tokens asked for and a few hundred used. They are refused when the money is spent and not
 * before: 429 counts as a refusal, and so does an answer that is cut.
 *
 * <p>Where several sessions run at once, a model answers about twenty times as fast as real ones
 * do, so that {@code admission.wait_ms}, left at its two seconds, stands for forty.
 */
final class AgentSessionTest {

  private static final long LIMIT = 5_000_000;
  private static final Optional<Refused> NOBODY = Optional.empty();
  private static final List<AgentTurn> SESSION = AgentTurn.session();

  @RegisterExtension
  static final NodeWorld WORLD =
      NodeWorld.with(upstream ->
          """
          providers:
            agentco:
              api_base: %s
              api_key: sk-fake-account-agentco
              protocol: messages
              models:
                - id: agent-1
                  price: {input: "3", cache_read: "0.30", cache_write_5m: "3.75", output: "15"}
          """
              .formatted(upstream.base()));

  private final AtomicReference<Optional<Refused>> refusal = new AtomicReference<>(NOBODY);
  private final AtomicLong answeredNanos = new AtomicLong();

  @ParameterizedTest
  @CsvSource({"1,0,0,95", "8,100,3,90"})
  void theMoneyIsSpentBeforeAnAgentIsRefused(
      int sessions, int firstMillis, int everyMillis, long percent) {
    TestKey key = Rules.key(WORLD.node(), sessions + " sessions");
    String budget =
        Rules.bindToKey(
            WORLD.client(),
            "budget",
            "{\"window\":\"day\",\"limit_micro_usd\":" + LIMIT + "}",
            key);
    Duration first = Duration.ofMillis(firstMillis);
    Duration every = Duration.ofMillis(everyMillis);
    WORLD
        .upstream()
        .answerBy(request ->
            SESSION.get(request.json().at("/x_turn").asInt()).answer().paced(first, every));
    ControlClient client = WORLD.node().with(key.token());

    Rules.burst(sessions, sessions, () -> session(client, budget));

    End end =
        new End(
            answeredNanos.get() / 1_000,
            status(budget, "settled_micro_usd"),
            status(budget, "reserved_micro_usd"));
    assertThat(new BudgetJudgement(LIMIT, 0, percent).faults(refusal.get().stream().toList(), end))
        .as("%s, %s", end, refusal)
        .isEmpty();
  }

  /** Plays the session, again and again, until somebody is refused. */
  private Reply session(ControlClient client, String budget) {
    for (int i = 0; ; i++) {
      AgentTurn turn = SESSION.get(i % SESSION.size());
      Reply reply = client.post("/v1/messages", turn.request("agent-1"));
      if (reply.status() == 200 && !reply.text().contains("budget_exceeded")) {
        answeredNanos.addAndGet(turn.nanoUsd());
      } else {
        Refused refused = Refused.of(reply, status(budget, "settled_micro_usd"));
        refusal.compareAndSet(NOBODY, Optional.of(refused));
      }
      if (refusal.get().isPresent()) {
        return reply;
      }
    }
  }

  private static long status(String budget, String member) {
    return WORLD
        .client()
        .get("/v1/namespaces/me/budgets/" + budget + "/status")
        .mustBe(200)
        .json()
        .path(member)
        .asLong();
  }
}
