package io.bitrouter.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.testkit.ControlClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/** The books of one namespace, as a key of it sees them. Used by one test at a time. */
public final class Ledger {

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int PAGE = 100;

  private final ControlClient client;
  private final Set<String> known = new HashSet<>();

  Ledger(ControlClient client) {
    this.client = client;
  }

  /** From now on only rows of requests that come later count. */
  public void mark() {
    known.clear();
    all().forEach(row -> known.add(row.id()));
  }

  /** The only row since the mark; waits for it. */
  public BookedRow only() {
    return rows(1).getFirst();
  }

  /** The rows since the mark, oldest first; waits until there are {@code count}. */
  public List<BookedRow> rows(int count) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> since().size() >= count);
    List<BookedRow> rows = since();
    assertThat(rows).as("rows of the requests of this test").hasSize(count);
    return rows.reversed();
  }

  /**
   * Checks that the rows add up to the usage of the namespace, in money and in tokens, and that the
   * whole micro-USD of each key's rows are those of its nano-USD.
   */
  public void mustAddUp() {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(this::addsUp);
  }

  private void addsUp() {
    List<BookedRow> rows = all();
    JsonNode usage = client.get("/v1/namespaces/me/usage").mustBe(200).json();
    Map<String, Long> booked = new HashMap<>();
    long prompt = 0;
    long completion = 0;
    long admitted = 0;
    long denied = 0;
    Map<String, Long> microsOfKey = new HashMap<>();
    Map<String, Long> nanosOfKey = new HashMap<>();
    for (BookedRow row : rows) {
      if (row.text("status").equals("denied")) {
        denied += row.number("repeat_count");
        assertThat(row.number("charge_nano_usd")).as("charge of %s", row).isZero();
        continue;
      }
      admitted++;
      prompt += row.number("prompt_tokens");
      completion += row.number("completion_tokens");
      microsOfKey.merge(row.text("key_id"), row.number("final_charge_micro_usd"), Long::sum);
      nanosOfKey.merge(row.text("key_id"), row.number("charge_nano_usd"), Long::sum);
    }
    nanosOfKey.forEach((key, nanos) ->
        assertThat(microsOfKey.get(key)).as("micro-USD of %s", key).isEqualTo(nanos / 1_000));
    booked.put("spend_micro_usd", microsOfKey.values().stream().mapToLong(m -> m).sum());
    booked.put("prompt_tokens", prompt);
    booked.put("completion_tokens", completion);
    booked.put("request_count", admitted);
    booked.put("denied_count", denied);
    booked.forEach((member, sum) ->
        assertThat(usage.path(member).asLong())
            .as("%s of the usage, against the sum of %s rows", member, rows.size())
            .isEqualTo(sum));
  }

  private List<BookedRow> since() {
    return page(0).stream().filter(row -> !known.contains(row.id())).toList();
  }

  private List<BookedRow> all() {
    List<BookedRow> all = new ArrayList<>();
    List<BookedRow> page;
    do {
      page = page(all.size());
      all.addAll(page);
    } while (page.size() == PAGE);
    return all;
  }

  private List<BookedRow> page(int offset) {
    List<BookedRow> rows = new ArrayList<>();
    client
        .get("/v1/namespaces/me/requests?limit=" + PAGE + "&offset=" + offset)
        .mustBe(200)
        .json()
        .path("data")
        .forEach(row -> rows.add(new BookedRow(row)));
    return rows;
  }
}
