package io.bitrouter.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.Seeds;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SpendSeriesTest {

  private static final long DAY = 96;

  @Test
  void everySumIsThatOfANaiveMap() {
    Seeds.check(
        300,
        random -> {
          SpendSeries series = new SpendSeries();
          TreeMap<Long, Long> model = new TreeMap<>();
          long now = 2_000_000;
          // Some series are dense and some sparse; all outlive what is kept apart.
          int stride = 1 + random.nextInt(200);
          for (int i = 0; i < 2_000; i++) {
            now += random.nextInt(4) == 0 ? random.nextInt(stride) : 0;
            long late = random.nextInt(10) == 0 ? random.nextInt(200) : 0;
            long amount =
                random.nextInt(20) == 0 ? -random.nextInt(1_000) : random.nextInt(1_000_000);
            series.add(now - late, amount);
            model.merge(now - late, amount, Long::sum);
            if (random.nextInt(10) == 0) {
              long first = now - random.nextLong(31 * DAY);
              assertThat(series.since(first)).isEqualTo(sum(model.tailMap(first, true)));
              assertThat(series.total())
                  .isEqualTo(series.since(Long.MIN_VALUE))
                  .isEqualTo(sum(model));
            }
          }
        });
  }

  @Test
  void slotOfSaysWhenSoMuchLeaves() {
    Seeds.check(
        500,
        random -> {
          SpendSeries series = new SpendSeries();
          TreeMap<Long, Long> model = new TreeMap<>();
          for (int i = 0; i < 60; i++) {
            long slot = 1_000 + random.nextInt(100);
            long amount = random.nextInt(1_000);
            series.add(slot, amount);
            model.merge(slot, amount, Long::sum);
          }
          long first = 1_000 + random.nextInt(100);
          long spent = series.since(first);
          long wanted = 1 + random.nextLong(Math.max(1, spent));
          if (spent >= wanted) {
            long slot = series.slotOf(first, wanted);
            assertThat(sum(model.subMap(first, true, slot, true))).isGreaterThanOrEqualTo(wanted);
            assertThat(sum(model.subMap(first, true, slot, false))).isLessThan(wanted);
          }
        });
  }

  @Test
  void whatIsOlderThanIsKeptCountsInTheTotalAlone() {
    SpendSeries series = new SpendSeries();
    for (long slot = 0; slot < 100 * DAY; slot++) {
      series.add(slot, 1);
      assertThat(series.since(Math.max(0, slot - 31 * DAY)))
          .isEqualTo(Math.min(slot, 31 * DAY) + 1);
    }
    assertThat(series.total()).isEqualTo(100 * DAY);
  }

  @Test
  void aTotalSetAfterSlotsWereLoadedLeavesTheirWindowsAlone() {
    SpendSeries series = new SpendSeries();
    series.add(10, 3);
    series.add(20, 7);
    series.total(100);
    assertThat(series.total()).isEqualTo(100);
    assertThat(series.since(10)).isEqualTo(10);
    assertThat(series.since(11)).isEqualTo(7);
    assertThat(series.since(21)).isZero();
    series.add(20, 1);
    assertThat(series.total()).isEqualTo(101);
    assertThat(series.since(0)).isEqualTo(11);
  }

  @Test
  void aTotalOfNothingButOldSpendIsInNoWindow() {
    SpendSeries series = new SpendSeries();
    series.total(100);
    assertThat(series.total()).isEqualTo(100);
    assertThat(series.since(0)).isZero();
    series.add(5, 1);
    assertThat(series.since(0)).isEqualTo(1);
  }

  private static long sum(java.util.Map<Long, Long> slots) {
    return slots.values().stream().mapToLong(Long::longValue).sum();
  }
}
