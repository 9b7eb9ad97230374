package io.bitrouter.it.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.testkit.SeededLoop;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Kill -9 loses nothing that was answered and invents nothing: three kills, with {@code
 * bitrouter.deep} a hundred.
 */
class KillTest {

  private static final int CYCLES = 3;
  private static final int DEEP_CYCLES = 100;
  private static final int ATTEMPTS_PER_CYCLE = 3;

  @Test
  void afterEveryKillTheBooksAgreeWithTheClientsAndTheProvider() throws Exception {
    long seed = Long.getLong(SeededLoop.SEED_PROPERTY, System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    int wanted = SeededLoop.deep() ? DEEP_CYCLES : CYCLES;
    int neverSent = 0;
    try (KillWorld world = KillWorld.start()) {
      int counted = 0;
      for (int i = 0; i < wanted * ATTEMPTS_PER_CYCLE && counted < wanted; i++) {
        KillWorld.Cycle cycle = world.killOnce(random);
        System.out.printf(
            "seed %d, kill %d after %d ms and %d answers with %d in flight%s%n",
            seed,
            i + 1,
            cycle.afterMillis(),
            cycle.answered(),
            cycle.inFlight(),
            cycle.counts() ? "" : ": does not count");
        assertThat(cycle.comparison().holes())
            .as("seed %d, kill %d after %d ms", seed, i + 1, cycle.afterMillis())
            .isEmpty();
        assertThat(world.budgetFaults())
            .as("seed %d, kill %d, the budgets after it", seed, i + 1)
            .isEmpty();
        neverSent += cycle.comparison().neverSent().size();
        counted += cycle.counts() ? 1 : 0;
      }
      assertThat(counted).as("kills with at least 32 requests in flight").isEqualTo(wanted);
      Comparison.Result all = world.compareAll();
      assertThat(all.holes()).as("seed %d, everything together", seed).isEmpty();
      assertThat(all.neverSent()).hasSize(neverSent);
      assertThat(world.unexplainedMicroUsd()).as("usage less the sum of the rows").isZero();
      assertThat(world.neighbourUnchanged()).as("the neighbour's books").isTrue();
      reconcileTwo(world);
      System.out.printf(
          "%d requests, %d charged as indeterminate though the provider never saw them%n",
          world.answers().size(), neverSent);
    }
  }

  /** People who know what two of them cost, and the books after that and after another crash. */
  private static void reconcileTwo(KillWorld world) {
    List<Books.Row> open =
        Books.all(world.client()).stream().filter(Books.Row::indeterminate).toList();
    assertThat(open).as("requests of which a kill left open what they cost").hasSizeGreaterThan(1);
    world.reconcile(open.getFirst(), 0);
    world.reconcile(open.getLast(), 123_456);
    assertThat(Books.indeterminate(world.client())).hasSize(open.size() - 2);
    for (int restart = 0; restart < 2; restart++) {
      assertThat(world.budgetFaults()).as("after reconciling, restart %d", restart).isEmpty();
      assertThat(world.unexplainedMicroUsd()).isZero();
      world.killIdle();
    }
  }
}
