package io.bitrouter.core.admission;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.Seeds;
import io.bitrouter.core.admission.MeteredUnderTest.Flow;
import io.bitrouter.core.admission.Reservation.Extension;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class MeteredLedgerCanFailTest {

  @Test
  void answersThatGoOnWithoutAskingAreFound() {
    assertThatThrownBy(() -> check(Ungated::new))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("beyond one tranche");
  }

  @Test
  void aReservationThatNeverEndsIsFound() {
    AtomicInteger settled = new AtomicInteger();
    assertThatThrownBy(
            () -> check(flow -> new Forgetful(flow, settled.incrementAndGet() % 50 == 0)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("is not at rest");
  }

  @Test
  void aChargeThatIsNotBookedIsFound() {
    assertThatThrownBy(() -> check(Free::new))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("booked");
  }

  private static void check(UnaryOperator<Flow> hole) {
    Admission.Bounds bounds = new Admission.Bounds(TimeUnit.MICROSECONDS.toNanos(50), 4);
    Function<NamespaceLedger, MeteredUnderTest> make =
        ledger -> request -> MeteredUnderTest.real(ledger).reserve(request).map(hole);
    Seeds.check(
        10, random -> MeteredLaw.check(random, new MeteredLaw.Scale(16, 100, bounds), make));
  }

  /** Uses whatever it likes. */
  private record Ungated(Flow flow) implements Flow {
    @Override
    public long usable() {
      return Long.MAX_VALUE;
    }

    @Override
    public Extension extend(long used, long tranche) {
      return Extension.GRANTED;
    }

    @Override
    public boolean await(long used, long tranche) {
      return true;
    }

    @Override
    public void settle(long nanoUsd) {
      flow.settle(nanoUsd);
    }
  }

  /** Does not end, now and then. */
  private record Forgetful(Flow flow, boolean forgets) implements Flow {
    @Override
    public long usable() {
      return flow.usable();
    }

    @Override
    public Extension extend(long used, long tranche) {
      return flow.extend(used, tranche);
    }

    @Override
    public boolean await(long used, long tranche) {
      return flow.await(used, tranche);
    }

    @Override
    public void settle(long nanoUsd) {
      if (!forgets) {
        flow.settle(nanoUsd);
      }
    }
  }

  /** Ends without its charge. */
  private record Free(Flow flow) implements Flow {
    @Override
    public long usable() {
      return flow.usable();
    }

    @Override
    public Extension extend(long used, long tranche) {
      return flow.extend(used, tranche);
    }

    @Override
    public boolean await(long used, long tranche) {
      return flow.await(used, tranche);
    }

    @Override
    public void settle(long nanoUsd) {
      flow.settle(0);
    }
  }
}
