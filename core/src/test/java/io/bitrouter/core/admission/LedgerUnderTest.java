package io.bitrouter.core.admission;

import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.Principal;
import java.util.Optional;

/** A ledger as the law of strict budgets sees one: the product's, or one with a hole. */
interface LedgerUnderTest {

  /** What a request that was let in holds. */
  interface Held {
    /** Ends it with its cost; the increment of the key's whole micro-USD. */
    long settle(long nanoUsd);
  }

  /**
   * How a principal stands.
   *
   * @param settled spend that the window counts, nano-USD
   * @param reserved what is held, nano-USD
   * @param inFlight requests that hold something
   */
  record Figures(long settled, long reserved, int inFlight) {}

  /** Lets a request in; empty when it is refused. */
  Optional<Held> reserve(AdmissionRequest request);

  /** How a principal stands, at one moment. */
  Figures figures(Principal principal, BudgetWindow window);

  /** Requests counted in the namespace's window of an hour. */
  long requests();
}
