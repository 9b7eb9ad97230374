package io.bitrouter.it.kill;

import io.bitrouter.it.kill.Answers.Answer;
import io.bitrouter.it.kill.Answers.Progress;
import io.bitrouter.it.kill.Books.Row;
import io.bitrouter.testkit.Bill;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Compares what the client was answered, what the provider bills and what the books say, request by
 * request and in every direction. Pure.
 *
 * <p>One thing may be in the books and not on the bill: a request that the journal says is about to
 * be sent, whose node died before it was. Its row is indeterminate, and charged until reconciled;
 * such rows are listed apart and not taken for holes.
 */
final class Comparison {

  /** What can be wrong. */
  enum Kind {
    /** The client was answered and there is no row. */
    ANSWERED_WITHOUT_ROW,
    /** The provider bills a call and there is no row. */
    BILLED_WITHOUT_ROW,
    /** A row charges for a call that the provider does not bill. */
    CHARGED_WITHOUT_BILL,
    /** The client was told one cost and the row says another. */
    COST_OTHER_THAN_ANSWERED,
    /** The row's cost is not what the provider bills. */
    COST_OTHER_THAN_BILLED,
    /** The client has the whole answer and the row is not sure of its charge. */
    ANSWERED_BUT_INDETERMINATE,
    /** One request, several rows. */
    ROW_TWICE,
    /** One request, sent to the provider several times. */
    BILLED_TWICE
  }

  /** One thing that is wrong. */
  record Hole(Kind kind, String marker, String detail) {}

  /**
   * What a comparison found.
   *
   * @param holes what is wrong
   * @param neverSent indeterminate rows of requests that the provider has not seen
   */
  record Result(List<Hole> holes, List<Row> neverSent) {}

  private final Map<String, Answer> answers;
  private final Map<String, List<Bill.Item>> bill;
  private final long inputNanos;
  private final long outputNanos;
  private final Map<String, List<Row>> rows = new HashMap<>();
  private final List<Hole> holes = new ArrayList<>();
  private final List<Row> neverSent = new ArrayList<>();

  private Comparison(
      Map<String, Answer> answers,
      Map<String, List<Bill.Item>> bill,
      long inputNanos,
      long outputNanos) {
    this.answers = answers;
    this.bill = bill;
    this.inputNanos = inputNanos;
    this.outputNanos = outputNanos;
  }

  /**
   * Compares all three.
   *
   * @param answers the client's requests by marker
   * @param bill the provider's calls by marker
   * @param rows the books' rows
   * @param inputNanos price of a prompt token, nano-USD
   * @param outputNanos price of a generated token, nano-USD
   */
  static Result of(
      Map<String, Answer> answers,
      Map<String, List<Bill.Item>> bill,
      List<Row> rows,
      long inputNanos,
      long outputNanos) {
    Comparison comparison = new Comparison(answers, bill, inputNanos, outputNanos);
    comparison.join(rows);
    comparison.answers.values().forEach(comparison::answered);
    comparison.bill.forEach(comparison::billed);
    comparison.rows.forEach(comparison::booked);
    return new Result(List.copyOf(comparison.holes), List.copyOf(comparison.neverSent));
  }

  /** Finds the request of each row: by the client's id, else by the output it declared. */
  private void join(List<Row> all) {
    Map<Long, String> byOutput = new HashMap<>();
    answers.keySet().forEach(m -> byOutput.put(Answers.declaredOutputOf(m), m));
    Map<String, String> byNodeId = new HashMap<>();
    answers.values().forEach(a -> byNodeId.put(a.requestId(), a.marker()));
    for (Row row : all) {
      String marker = row.clientRequestId();
      if (marker.isEmpty()) {
        marker =
            byNodeId.getOrDefault(row.requestId(), byOutput.getOrDefault(row.declaredOutput(), ""));
      }
      String known = marker.isEmpty() ? "unknown " + row.requestId() : marker;
      rows.computeIfAbsent(known, unused -> new ArrayList<>(1)).add(row);
    }
  }

  private void answered(Answer answer) {
    if (answer.progress() == Progress.SENT) {
      return;
    }
    List<Row> own = rows.getOrDefault(answer.marker(), List.of());
    if (own.isEmpty()) {
      hole(Kind.ANSWERED_WITHOUT_ROW, answer.marker(), answer.toString());
      return;
    }
    if (answer.progress() != Progress.COMPLETE) {
      return;
    }
    Row row = own.getFirst();
    if (row.indeterminate()) {
      hole(Kind.ANSWERED_BUT_INDETERMINATE, answer.marker(), answer + " but " + row);
      return;
    }
    if (differs(answer.costMicroUsd(), row.finalChargeMicroUsd())
        || differs(answer.costNanoUsd(), row.chargeNanoUsd())
        || !row.requestId().equals(answer.requestId())) {
      hole(Kind.COST_OTHER_THAN_ANSWERED, answer.marker(), answer + " but " + row);
    }
  }

  private void billed(String marker, List<Bill.Item> items) {
    if (items.size() > 1) {
      hole(Kind.BILLED_TWICE, marker, items.toString());
    }
    List<Row> own = rows.getOrDefault(marker, List.of());
    Bill.Item item = items.getFirst();
    if (own.isEmpty()) {
      // A client that was answered has said so already.
      if (answers.getOrDefault(marker, Answer.sent(marker)).progress() == Progress.SENT) {
        hole(Kind.BILLED_WITHOUT_ROW, marker, item.toString());
      }
      return;
    }
    Row row = own.getFirst();
    long price = item.inputTokens() * inputNanos + item.outputTokens() * outputNanos;
    boolean wrong =
        row.chargeState().equals("computed")
            ? item.end() != Bill.End.COMPLETE || row.chargeNanoUsd() != price
            : row.chargeNanoUsd() < price;
    boolean saidAlready = holes.stream().anyMatch(hole -> hole.marker().equals(marker));
    if (wrong && !saidAlready) {
      hole(Kind.COST_OTHER_THAN_BILLED, marker, item + " but " + row);
    }
  }

  private void booked(String marker, List<Row> own) {
    if (own.size() > 1) {
      hole(Kind.ROW_TWICE, marker, own.toString());
    }
    Row row = own.getFirst();
    if (bill.containsKey(marker) || !row.charged()) {
      return;
    }
    if (row.indeterminate()) {
      neverSent.add(row);
    } else {
      hole(Kind.CHARGED_WITHOUT_BILL, marker, row.toString());
    }
  }

  private void hole(Kind kind, String marker, String detail) {
    holes.add(new Hole(kind, marker, detail));
  }

  private static boolean differs(OptionalLong told, long booked) {
    return told.isPresent() && told.getAsLong() != booked;
  }
}
