package io.bitrouter.core.control;

import io.bitrouter.core.admission.Admission;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.NamespaceView;
import io.bitrouter.core.store.Reconciliation;
import io.bitrouter.core.store.StoreInDoubtException;
import io.bitrouter.core.store.StoreUnavailableException;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Ends requests of which a crash left open what they cost: by a person who knows, or after a day at
 * what was reserved for them. Thread-safe.
 */
public final class ReconcileService {

  /** How long a request stays indeterminate before the node ends it. */
  public static final long LONGEST_MICROS = 24 * 3_600_000_000L;

  /** Largest charge a person can state, micro-USD. */
  public static final long MOST_MICRO_USD = 1_000_000_000_000L;

  private final ControlStore store;
  private final Admission admission;
  private final Ticker ticker;
  private final RandomGenerator random;
  private final Audits audits;

  public ReconcileService(
      ControlStore store, Admission admission, Ticker ticker, RandomGenerator random) {
    this.store = store;
    this.admission = admission;
    this.ticker = ticker;
    this.random = random;
    this.audits = new Audits(ticker);
  }

  /**
   * Ends an indeterminate request.
   *
   * @param microUsd what it truly cost
   * @return the row as it is then
   */
  public Outcome<RequestRow> reconcile(
      Caller.Key caller, RequestId id, long microUsd, Asked<RequestRow> asked) {
    NamespaceView view = store.open(caller.grant());
    Optional<RequestRow> found = view.request(id);
    if (found.isEmpty()) {
      return Outcome.refused(RefusalCode.NOT_FOUND, "no such request");
    }
    RequestRow row = found.get();
    if (row.chargeState() != ChargeState.INDETERMINATE) {
      return Outcome.refused(
          RefusalCode.CONFLICT,
          "the request's charge is " + row.chargeState().text() + ", not indeterminate");
    }
    if (microUsd < 0 || microUsd > MOST_MICRO_USD) {
      return Outcome.refused(
          Refusal.of(RefusalCode.INVALID_REQUEST, "charge_micro_usd must be 0 to " + MOST_MICRO_USD)
              .withParam("charge_micro_usd"));
    }
    if (asked.dryRun()) {
      return Outcome.done(row);
    }
    AuditEntry audit =
        audits.entry(caller, "request.reconcile", "request", id.toString(), asked.origin());
    return end(view, row, microUsd * 1_000, ChargeState.COMPUTED, audit)
        .map(Outcome::done)
        .orElseGet(
            () -> Outcome.refused(RefusalCode.CONFLICT, "the request has just been reconciled"));
  }

  /**
   * Ends what has been indeterminate for a day, at the amount that was reserved. A request that
   * cannot be ended keeps none of the others.
   *
   * @throws IllegalStateException at the end, when there were such requests
   * @throws StoreUnavailableException at once; the next round goes on
   */
  public void endOld(OperatorGrant node) {
    long before = ticker.epochMicros() - LONGEST_MICROS;
    List<RuntimeException> failures = new ArrayList<>(0);
    for (RequestRow row : store.openNode(node).indeterminate(before)) {
      NamespaceGrant grant = node.enter(row.namespace());
      AuditEntry audit =
          AuditEntry.byNode(
              ticker.epochMicros(),
              "request.reconcile",
              "request",
              row.requestId().toString(),
              RequestId.next(ticker, random));
      try {
        end(store.open(grant), row, row.chargeNanoUsd(), ChargeState.ESTIMATED, audit);
      } catch (StoreUnavailableException e) {
        throw e;
      } catch (RuntimeException e) {
        failures.add(
            new IllegalStateException("request " + row.requestId() + " cannot be ended", e));
      }
    }
    if (!failures.isEmpty()) {
      RuntimeException first = failures.removeFirst();
      failures.forEach(first::addSuppressed);
      throw first;
    }
  }

  /**
   * Counts first, so that the row's whole micro-USD are known; takes that back if it is too late.
   */
  private Optional<RequestRow> end(
      NamespaceView view, RequestRow row, long nanoUsd, ChargeState state, AuditEntry audit) {
    // A key that went with its namespace has no counters left to follow.
    Optional<KeyRecord> key = view.key(row.key());
    long change = nanoUsd - row.chargeNanoUsd();
    long microDelta = key.map(one -> admission.book(one, row.startedAtMicros(), change)).orElse(0L);
    Runnable undo = () -> key.ifPresent(one -> admission.book(one, row.startedAtMicros(), -change));
    try {
      Optional<RequestRow> ended =
          view.reconcile(
              new Reconciliation(row.requestId(), nanoUsd, microDelta, state),
              audit
                  .before(charge(row.chargeNanoUsd(), row.chargeState()))
                  .after(charge(nanoUsd, state)));
      if (ended.isEmpty()) {
        undo.run();
      }
      return ended;
    } catch (StoreInDoubtException e) {
      var unused =
          e.outcome()
              .whenComplete((stored, failure) -> {
                if (failure != null || Optional.empty().equals(stored)) {
                  undo.run();
                }
              });
      throw e;
    } catch (RuntimeException | Error e) {
      undo.run();
      throw e;
    }
  }

  private static String charge(long nanoUsd, ChargeState state) {
    return new AuditText()
        .with("charge_nano_usd", nanoUsd)
        .with("charge_state", state.text())
        .toString();
  }
}
