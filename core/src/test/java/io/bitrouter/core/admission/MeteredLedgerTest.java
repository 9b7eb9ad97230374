package io.bitrouter.core.admission;

import io.bitrouter.core.Seeds;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MeteredLedgerTest {

  /** Waits are bounded by an hour, so that a wake-up that is lost shows as a thread that hangs. */
  @Test
  void meteredBudgetsArePassedByATrancheAtMostAndEveryoneWhoWaitsIsWoken() {
    Admission.Bounds bounds = new Admission.Bounds(TimeUnit.HOURS.toNanos(1), 1_000);
    Seeds.check(
        40,
        1_000,
        random ->
            MeteredLaw.check(
                random, new MeteredLaw.Scale(32, 200, bounds), MeteredUnderTest::real));
  }

  @Test
  void andSoItIsWhenWaitsAreShortAndTheLineToo() {
    Admission.Bounds bounds = new Admission.Bounds(TimeUnit.MICROSECONDS.toNanos(50), 4);
    Seeds.check(
        40,
        1_000,
        random ->
            MeteredLaw.check(
                random, new MeteredLaw.Scale(32, 200, bounds), MeteredUnderTest::real));
  }
}
