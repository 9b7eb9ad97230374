package io.bitrouter.core.admission;

import io.bitrouter.core.admission.Reservation.Extension;
import io.bitrouter.core.kernel.Outcome;
import java.util.Optional;

/** A ledger as the law of metered budgets sees one: the product's, or one with a hole. */
@FunctionalInterface
interface MeteredUnderTest {

  /** A request that was let in, as its answer flows. */
  interface Flow {
    long usable();

    Extension extend(long used, long tranche);

    boolean await(long used, long tranche);

    void settle(long nanoUsd);
  }

  /** Lets a request in; empty when it is refused. */
  Optional<Flow> reserve(AdmissionRequest request);

  /** The product's. */
  static MeteredUnderTest real(NamespaceLedger ledger) {
    return request ->
        switch (ledger.admit(request)) {
          case Outcome.Done<Reservation>(Reservation held) -> Optional.of(new RealFlow(held));
          case Outcome.Refused<Reservation> unused -> Optional.empty();
        };
  }

  /** A reservation of the product's. */
  record RealFlow(Reservation held) implements Flow {
    @Override
    public long usable() {
      return held.usableNanoUsd();
    }

    @Override
    public Extension extend(long used, long tranche) {
      return held.extend(used, tranche);
    }

    @Override
    public boolean await(long used, long tranche) {
      return held.awaitExtension(used, tranche);
    }

    @Override
    public void settle(long nanoUsd) {
      held.settle(nanoUsd, 1);
    }
  }
}
