package io.bitrouter.core.gateway;

import io.bitrouter.core.admission.Reservation;
import io.bitrouter.core.admission.Reservation.Extension;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;

/**
 * Gives a streamed answer money in tranches. It asks for the next one when a quarter of the last is
 * left, so that an answer rarely waits, with what the input was reckoned too low by, and gives back
 * what was held for the input as soon as the upstream has said what the input is; used by the event
 * loop and, while the answer is paused, by the request's thread, never by both at once.
 */
final class BudgetMeter implements StreamMeter {

  private final Reservation reservation;
  private final Costs costs;
  private final Runnable changed;
  private volatile Optional<Long> reported = Optional.empty();
  private volatile long granted;
  private volatile long used;

  /**
   * What an answer costs as it flows, nano-USD.
   *
   * @param input what its input was reckoned at
   * @param reportedInput what its input costs, once the upstream has reported it
   * @param output what so many bytes of output cost at most
   * @param tranche one tranche of output
   */
  record Costs(
      long input, Supplier<Optional<Long>> reportedInput, LongUnaryOperator output, long tranche) {}

  /**
   * Meters one answer.
   *
   * @param changed told when more or less is held, for the journal
   */
  BudgetMeter(Reservation reservation, Costs costs, Runnable changed) {
    this.reservation = reservation;
    this.costs = costs;
    this.changed = changed;
    this.granted = reservation.usableNanoUsd();
  }

  @Override
  public Verdict flowed(long outputBytes) {
    if (reported.isEmpty()) {
      readInput();
    }
    if (outputBytes == 0) {
      return Verdict.GO_ON;
    }
    used = reported.orElse(costs.input()) + costs.output().applyAsLong(outputBytes);
    if (used < granted - costs.tranche() / 4) {
      return Verdict.GO_ON;
    }
    Extension last;
    long before;
    do {
      before = granted;
      last = reservation.extend(used, costs.tranche());
      if (last == Extension.GRANTED) {
        refresh();
      }
    } while (before < granted && granted < used);
    if (used < granted) {
      return Verdict.GO_ON;
    }
    return switch (last) {
      case GRANTED -> Verdict.GO_ON;
      case CONTENDED -> Verdict.PAUSE;
      case SPENT -> Verdict.CUT;
    };
  }

  @Override
  public Verdict await() {
    if (reservation.awaitExtension(used, costs.tranche())) {
      refresh();
      return Verdict.GO_ON;
    }
    return Verdict.CUT;
  }

  /**
   * A prompt that comes from the upstream's cache costs a tenth of what was held for it. After the
   * first output the ledger may know of more use than that, and then it is too late to give back.
   */
  private void readInput() {
    reported = costs.reportedInput().get();
    if (reported.isPresent() && used == 0 && reported.get() < costs.input()) {
      reservation.giveBack(costs.input() - reported.get());
      refresh();
    }
  }

  private void refresh() {
    granted = reservation.usableNanoUsd();
    changed.run();
  }
}
