package io.bitrouter.core.gateway;

import io.bitrouter.core.admission.Reservation;
import java.util.function.LongUnaryOperator;

/**
 * Gives a streamed answer money in tranches. It asks for the next one when a quarter of the last is
 * left, so that an answer rarely waits; used by the event loop and, while the answer is paused, by
 * the request's thread, never by both at once.
 */
final class BudgetMeter implements StreamMeter {

  private final Reservation reservation;
  private final LongUnaryOperator costOfBytes;
  private final long trancheNanos;
  private final Runnable grown;
  private volatile long granted;
  private volatile long used;

  /**
   * Meters one answer.
   *
   * @param costOfBytes what the request costs when so many bytes of output have come, nano-USD
   * @param trancheNanos cost of one tranche of output
   * @param grown told when more is held, for the journal
   */
  BudgetMeter(
      Reservation reservation, LongUnaryOperator costOfBytes, long trancheNanos, Runnable grown) {
    this.reservation = reservation;
    this.costOfBytes = costOfBytes;
    this.trancheNanos = trancheNanos;
    this.grown = grown;
    this.granted = reservation.usableNanoUsd();
  }

  @Override
  public Verdict flowed(long outputBytes) {
    used = costOfBytes.applyAsLong(outputBytes);
    if (used < granted - trancheNanos / 4) {
      return Verdict.GO_ON;
    }
    return switch (reservation.extend(Math.min(used, granted), trancheNanos)) {
      case GRANTED -> {
        more();
        yield Verdict.GO_ON;
      }
      case CONTENDED -> used < granted ? Verdict.GO_ON : Verdict.PAUSE;
      case SPENT -> used < granted ? Verdict.GO_ON : Verdict.CUT;
    };
  }

  @Override
  public Verdict await() {
    if (reservation.awaitExtension(Math.min(used, granted), trancheNanos)) {
      more();
      return Verdict.GO_ON;
    }
    return Verdict.CUT;
  }

  private void more() {
    granted = reservation.usableNanoUsd();
    grown.run();
  }
}
