package io.bitrouter.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.Seeds;
import io.bitrouter.core.admission.RateWindow.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RateWindowTest {

  private record Event(long atMicros, long amount) {}

  /** A window and, beside it, everything that was ever counted in it. */
  private static final class Observed {
    private final long windowMicros;
    private final long partMicros;
    private final RateWindow window;
    private final List<Event> events = new ArrayList<>();
    private long now;
    private long latest;

    Observed(long windowSecs, long start) {
      this.windowMicros = windowSecs * 1_000_000;
      this.partMicros = windowMicros / RateWindow.PARTS;
      this.window = new RateWindow(windowSecs, start);
      this.now = start;
      this.latest = start;
    }

    void passes(long micros) {
      now += micros;
      latest = Math.max(latest, now);
    }

    void add(Counted what, long amount) {
      window.add(what, amount, now);
      if (what == Counted.REQUESTS) {
        events.add(new Event(latest, amount));
      }
    }

    long exact(long lengthMicros) {
      return events.stream()
          .filter(event -> event.atMicros() > latest - lengthMicros)
          .mapToLong(Event::amount)
          .sum();
    }
  }

  private static Observed random(RandomGenerator random) {
    long secs = List.of(1L, 7L, 60L, 3_600L, 86_400L, 2_678_400L).get(random.nextInt(6));
    long start = random.nextInt(5) == 0 ? -random.nextLong(1L << 40) : random.nextLong(1L << 50);
    return new Observed(secs, start);
  }

  private static void walk(Observed seen, RandomGenerator random) {
    int stride = 1 + random.nextInt(130);
    for (int i = 0; i < 100; i++) {
      if (random.nextInt(3) != 0) {
        seen.passes(random.nextLong(seen.partMicros * stride / 20 + 2));
      }
      seen.add(Counted.REQUESTS, random.nextInt(1_000));
      seen.add(Counted.ACTUAL_TOKENS, random.nextInt(1_000));
    }
  }

  @Test
  void theFigureIsNeverLowAndHighByAtMostOnePart() {
    Seeds.check(
        500,
        random -> {
          Observed seen = random(random);
          for (int i = 0; i < 10; i++) {
            walk(seen, random);
            long figure = seen.window.sum(Counted.REQUESTS, seen.now);
            assertThat(figure)
                .isGreaterThanOrEqualTo(seen.exact(seen.windowMicros))
                .isLessThanOrEqualTo(seen.exact(seen.windowMicros + seen.partMicros));
          }
        });
  }

  @Test
  void roomIsFreeAfterExactlyAsLongAsItSays() {
    Seeds.check(
        2_000,
        random -> {
          Observed seen = random(random);
          walk(seen, random);
          long figure = seen.window.sum(Counted.REQUESTS, seen.now);
          if (figure == 0) {
            return;
          }
          long excess = 1 + random.nextLong(figure);
          long micros = seen.window.microsUntilFreed(Counted.REQUESTS, excess, seen.now);
          assertThat(seen.window.sum(Counted.REQUESTS, seen.now + micros - 1))
              .isGreaterThan(figure - excess);
          assertThat(seen.window.sum(Counted.REQUESTS, seen.now + micros))
              .isLessThanOrEqualTo(figure - excess);
        });
  }

  @Test
  void aClockThatStepsBackChangesNothing() {
    Seeds.check(
        500,
        random -> {
          Observed seen = random(random);
          walk(seen, random);
          long figure = seen.window.sum(Counted.REQUESTS, seen.now);
          long earlier = seen.now - random.nextLong(3 * seen.windowMicros);
          assertThat(seen.window.sum(Counted.REQUESTS, earlier)).isEqualTo(figure);
          seen.window.add(Counted.REQUESTS, 5, earlier);
          assertThat(seen.window.sum(Counted.REQUESTS, earlier)).isEqualTo(figure + 5);
          assertThat(seen.window.sum(Counted.REQUESTS, seen.now)).isEqualTo(figure + 5);
          if (figure > 0) {
            long excess = 1 + random.nextLong(figure);
            long micros = seen.window.microsUntilFreed(Counted.REQUESTS, excess, earlier);
            assertThat(seen.window.sum(Counted.REQUESTS, earlier + micros - 1))
                .isGreaterThan(figure + 5 - excess);
            assertThat(seen.window.sum(Counted.REQUESTS, earlier + micros))
                .isLessThanOrEqualTo(figure + 5 - excess);
          }
        });
  }

  @Test
  void aWindowIsIdleOnceNothingCountsAnyMore() {
    Seeds.check(
        200,
        random -> {
          Observed seen = random(random);
          assertThat(seen.window.idle(seen.now)).isTrue();
          seen.add(Counted.REQUESTS, 1);
          assertThat(seen.window.idle(seen.now + seen.windowMicros - 1)).isFalse();
          assertThat(seen.window.idle(seen.now + seen.windowMicros + seen.partMicros)).isTrue();
        });
  }

  @Test
  void kindsAreCountedApart() {
    RateWindow window = new RateWindow(60, 0);
    window.add(Counted.REQUESTS, 1, 0);
    window.add(Counted.DECLARED_TOKENS, 20, 0);
    window.add(Counted.ACTUAL_TOKENS, 300, 0);
    assertThat(window.sum(Counted.REQUESTS, 0)).isEqualTo(1);
    assertThat(window.sum(Counted.DECLARED_TOKENS, 0)).isEqualTo(20);
    assertThat(window.sum(Counted.ACTUAL_TOKENS, 0)).isEqualTo(300);
  }
}
