package io.bitrouter.it.kill;

import io.bitrouter.it.kill.Books.Row;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.TestKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * A strict budget of the key and a metered one of its namespace, both too large to refuse anything,
 * and what they say after a crash, against the rows. Immutable.
 *
 * @param strict id of the strict one
 * @param metered id of the metered one
 */
record Budgets(String strict, String metered) {

  /** A million dollars. */
  private static final long LIMIT_MICRO_USD = 1_000_000_000_000L;

  private static final long TRANCHE_TOKENS = 4_096;

  /** What the node adds for a request's own text where no tool is offered. */
  private static final long OVERHEAD_TOKENS = 64;

  /** What the provider counts for every prompt. */
  private static final long REPORTED_INPUT_TOKENS = 11;

  /** What can be wrong. */
  enum Kind {
    /** A budget counts another sum than that of the rows. */
    SETTLED_OTHER_THAN_ROWS,
    /** A budget holds money though nothing runs. */
    STILL_RESERVED,
    /** An indeterminate row is not charged what its request held. */
    OTHER_THAN_HELD,
    /** The rows that are listed as indeterminate are not those that are. */
    LISTED_OTHERS
  }

  /** One thing that is wrong. */
  record Fault(Kind kind, String subject, String detail) {}

  /**
   * How a budget says it stands, micro-USD.
   *
   * @param name the budget's
   */
  record Standing(String name, long settled, long reserved) {}

  /** Makes both. */
  static Budgets bind(ControlClient client, TestKey key) {
    return new Budgets(
        create(client, "strict", "api_key", key.id()),
        create(client, "metered", "namespace", "me"));
  }

  /** Lets the strict one apply, or not: then what flows is given money in tranches. */
  void enforceStrictly(ControlClient client, boolean on) {
    client
        .post("/v1/namespaces/me/policies/" + strict + (on ? "/enable" : "/disable"), "")
        .mustBe(200);
  }

  /** All that is wrong now that nothing runs. */
  List<Fault> faults(ControlClient client, List<Row> rows, Predicate<Row> strictly) {
    List<Standing> standings = List.of(standing(client, strict), standing(client, metered));
    return faults(standings, rows, Books.indeterminate(client), strictly);
  }

  /**
   * All that is wrong. Pure.
   *
   * @param rows every row there is
   * @param listed ids of those listed as indeterminate
   * @param strictly whether the strict budget applied to a row's request
   */
  static List<Fault> faults(
      List<Standing> standings, List<Row> rows, Set<String> listed, Predicate<Row> strictly) {
    List<Fault> faults = new ArrayList<>();
    long sum = rows.stream().mapToLong(Row::chargeNanoUsd).sum() / 1_000;
    for (Standing standing : standings) {
      if (standing.settled() != sum) {
        faults.add(
            new Fault(
                Kind.SETTLED_OTHER_THAN_ROWS,
                standing.name(),
                standing.settled() + " of " + sum + " micro-USD"));
      }
      if (standing.reserved() != 0) {
        faults.add(
            new Fault(Kind.STILL_RESERVED, standing.name(), standing.reserved() + " micro-USD"));
      }
    }
    Set<String> open = new HashSet<>();
    for (Row row : rows) {
      if (row.indeterminate()) {
        open.add(row.requestId());
        Set<Long> held = held(row, strictly.test(row));
        if (!held.contains(row.chargeNanoUsd())) {
          faults.add(new Fault(Kind.OTHER_THAN_HELD, row.requestId(), held + " but " + row));
        }
      }
    }
    if (!open.equals(listed)) {
      Set<String> both = new HashSet<>(open);
      both.retainAll(listed);
      open.addAll(listed);
      open.removeAll(both);
      faults.add(new Fault(Kind.LISTED_OTHERS, String.join(" ", open), "listed or open, not both"));
    }
    return faults;
  }

  /** What a request may have held at one time or another, nano-USD. */
  private static Set<Long> held(Row row, boolean strictly) {
    long reckoned = Math.ceilDiv(row.inputBytes(), 2) + OVERHEAD_TOKENS;
    if (strictly) {
      long input = row.streamed() ? row.inputBytes() : Math.max(row.inputBytes(), reckoned);
      return Set.of(cost(input, row.declaredOutput()));
    }
    if (!row.streamed()) {
      return Set.of(cost(reckoned, row.declaredOutput()));
    }
    long tranche = Math.min(row.declaredOutput(), TRANCHE_TOKENS);
    return Set.of(cost(reckoned, tranche), cost(REPORTED_INPUT_TOKENS, tranche));
  }

  private static long cost(long input, long output) {
    return input * KillWorld.INPUT_NANOS + output * KillWorld.OUTPUT_NANOS;
  }

  private static Standing standing(ControlClient client, String budget) {
    JsonNode status =
        client.get("/v1/namespaces/me/budgets/" + budget + "/status").mustBe(200).json();
    return new Standing(
        status.path("name").asString(),
        status.path("settled_micro_usd").asLong(-1),
        status.path("reserved_micro_usd").asLong(-1));
  }

  private static String create(
      ControlClient client, String mode, String principalType, String principalId) {
    return client
        .post(
            "/v1/namespaces/me/budgets",
            """
            {"name":"%1$s","window":"day","limit_micro_usd":%2$d,"mode":"%1$s",\
            "bind":{"principal_type":"%3$s","principal_id":"%4$s"}}\
            """
                .formatted(mode, LIMIT_MICRO_USD, principalType, principalId))
        .mustBe(200)
        .json()
        .path("id")
        .asString();
  }
}
