package io.bitrouter.core.admission;

import io.bitrouter.core.TestRules;
import io.bitrouter.core.admission.RateWindow.Counted;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.Principal;
import java.util.Optional;

/** The product's ledger. */
final class RealLedger implements LedgerUnderTest {

  private final Ticker ticker;
  private final NamespaceLedger ledger;

  RealLedger(Ticker ticker) {
    this.ticker = ticker;
    this.ledger =
        new NamespaceLedger(ticker, new Admission.Bounds(100_000, 8), new Admission.Tally());
  }

  @Override
  public Optional<Held> reserve(AdmissionRequest request) {
    return switch (ledger.admit(request)) {
      case Outcome.Done<Reservation>(Reservation held) ->
          Optional.of(nanoUsd -> held.settle(nanoUsd, 1));
      case Outcome.Refused<Reservation> unused -> Optional.empty();
    };
  }

  @Override
  public Figures figures(Principal principal, BudgetWindow window) {
    long first = window.firstSlot(ticker.epochMicros());
    return ledger.with(
        principal,
        account -> new Figures(account.settled(first), account.reserved(), account.inFlight()));
  }

  @Override
  public long requests() {
    long now = Math.floorDiv(ticker.nanos(), 1_000L);
    return ledger.with(
        TestRules.whole(), account -> account.window(3_600, now).sum(Counted.REQUESTS, now));
  }
}
