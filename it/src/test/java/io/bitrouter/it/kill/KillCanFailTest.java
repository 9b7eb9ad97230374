package io.bitrouter.it.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.kill.Answers.Answer;
import io.bitrouter.it.kill.Answers.Progress;
import io.bitrouter.it.kill.Books.Row;
import io.bitrouter.it.kill.Comparison.Hole;
import io.bitrouter.it.kill.Comparison.Kind;
import io.bitrouter.testkit.Bill;
import io.bitrouter.testkit.Bill.End;
import io.bitrouter.testkit.Bill.Item;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The kill test would see a hole: each kind planted once, and each reported as what it is. */
class KillCanFailTest {

  private static final long COST = 11 * 500 + 10 * 1_000;

  private final Map<String, Answer> answers = new HashMap<>();
  private final Map<String, List<Item>> bill = new HashMap<>();
  private final List<Row> rows = new ArrayList<>();

  /** A history without a hole: a buffered answer, a stream, one broken off, one never sent. */
  @BeforeEach
  void goodHistory() {
    answered("mk-1-1", OptionalLong.of(15), OptionalLong.empty());
    answered("mk-1-2", OptionalLong.empty(), OptionalLong.of(COST));
    answers.put(
        "mk-1-3",
        new Answer(
            "mk-1-3",
            Progress.BROKEN,
            200,
            "req_mk-1-3",
            OptionalLong.empty(),
            OptionalLong.empty()));
    bill("mk-1-3", new Item("mk-1-3", 11, 4, End.BROKEN));
    rows.add(row("mk-1-3", "failed", "indeterminate", 90_000, 90));
    answers.put("mk-1-4", Answer.sent("mk-1-4"));
    rows.add(row("mk-1-4", "failed", "indeterminate", 90_000, 90));
  }

  @Test
  void aGoodHistoryHasNoHole() {
    Comparison.Result result = compare();

    assertThat(result.holes()).isEmpty();
    assertThat(result.neverSent()).hasSize(1);
  }

  @Test
  void seesALostRowOfAnAnsweredRequest() {
    rows.removeIf(row -> row.clientRequestId().equals("mk-1-2"));

    assertOnly(Kind.ANSWERED_WITHOUT_ROW, "mk-1-2");
  }

  @Test
  void seesALostRowOfARequestThatBrokeOff() {
    rows.removeIf(row -> row.clientRequestId().equals("mk-1-3"));

    assertOnly(Kind.ANSWERED_WITHOUT_ROW, "mk-1-3");
  }

  @Test
  void seesALostRowOfARequestWhoseClientGotNothing() {
    answers.put("mk-1-5", Answer.sent("mk-1-5"));
    bill("mk-1-5", new Item("mk-1-5", 11, 0, End.BROKEN));

    assertOnly(Kind.BILLED_WITHOUT_ROW, "mk-1-5");
  }

  @Test
  void seesARowThatIsThereTwice() {
    rows.add(row("mk-1-1", "succeeded", "computed", COST, 15));

    assertOnly(Kind.ROW_TWICE, "mk-1-1");
  }

  @Test
  void seesACallThatWasMadeTwice() {
    bill("mk-1-1", new Item("mk-1-1", 11, 10, End.COMPLETE));

    assertOnly(Kind.BILLED_TWICE, "mk-1-1");
  }

  @Test
  void seesACostOtherThanTheHeaderSaid() {
    replace("mk-1-1", row("mk-1-1", "succeeded", "computed", COST, 16));

    assertOnly(Kind.COST_OTHER_THAN_ANSWERED, "mk-1-1");
  }

  @Test
  void seesACostOtherThanTheStreamSaid() {
    replace("mk-1-2", row("mk-1-2", "succeeded", "computed", COST + 1, 15));

    assertOnly(Kind.COST_OTHER_THAN_ANSWERED, "mk-1-2");
  }

  @Test
  void seesACostBelowTheBill() {
    replace("mk-1-3", row("mk-1-3", "cancelled", "estimated", 11 * 500 + 3 * 1_000, 8));

    assertOnly(Kind.COST_OTHER_THAN_BILLED, "mk-1-3");
  }

  @Test
  void seesAChargeWithoutABill() {
    rows.add(row("mk-1-6", "succeeded", "computed", COST, 15));

    assertOnly(Kind.CHARGED_WITHOUT_BILL, "mk-1-6");
  }

  @Test
  void seesAnAnswerInFullThatTheBooksAreNotSureOf() {
    replace("mk-1-1", row("mk-1-1", "failed", "indeterminate", 90_000, 90));

    assertOnly(Kind.ANSWERED_BUT_INDETERMINATE, "mk-1-1");
  }

  @Test
  void seesOneRowDeletedFromARealDatabase() throws Exception {
    try (KillWorld world = KillWorld.start()) {
      assertThat(world.quietly(100).holes()).isEmpty();
      String victim = world.answers().keySet().stream().skip(50).findFirst().orElseThrow();
      String requestId = world.answers().get(victim).requestId();

      List<Hole> holes = DoctoredHome.without(world, requestId);

      assertThat(holes).hasSize(1);
      assertThat(holes.getFirst().kind()).isEqualTo(Kind.ANSWERED_WITHOUT_ROW);
      assertThat(holes.getFirst().marker()).isEqualTo(victim);
    }
  }

  private void answered(String marker, OptionalLong microUsd, OptionalLong nanoUsd) {
    answers.put(
        marker, new Answer(marker, Progress.COMPLETE, 200, "req_" + marker, microUsd, nanoUsd));
    bill(marker, new Item(marker, 11, 10, End.COMPLETE));
    rows.add(row(marker, "succeeded", "computed", COST, 15));
  }

  private void bill(String marker, Bill.Item item) {
    bill.computeIfAbsent(marker, unused -> new ArrayList<>()).add(item);
  }

  private void replace(String marker, Row row) {
    rows.removeIf(old -> old.clientRequestId().equals(marker));
    rows.add(row);
  }

  private static Row row(
      String marker, String status, String chargeState, long nanoUsd, long microUsd) {
    return new Row("req_" + marker, marker, 0, 0, false, status, chargeState, nanoUsd, microUsd);
  }

  private void assertOnly(Kind kind, String marker) {
    assertThat(compare().holes())
        .extracting(hole -> hole.kind() + " " + hole.marker())
        .containsExactly(kind + " " + marker);
  }

  private Comparison.Result compare() {
    return Comparison.of(answers, bill, rows, 500, 1_000);
  }
}
