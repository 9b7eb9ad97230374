package io.bitrouter.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * One run of a property: its randomness and what it has done so far. A property takes every choice
 * from {@link #random}, so that the seed alone repeats it. Used by one thread.
 */
public final class Walk {

  private static final int REMEMBERED = 20;

  private final long seed;
  private final SplittableRandom random;
  private final Deque<String> recent = new ArrayDeque<>();
  private int steps;

  Walk(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  /** The seed of this run. */
  public long seed() {
    return seed;
  }

  /** Where every choice of the run comes from. */
  public RandomGenerator random() {
    return random;
  }

  /** Says what is done next; the last twenty such steps are shown when the run fails. */
  public void step(String what) {
    steps++;
    if (recent.size() == REMEMBERED) {
      recent.removeFirst();
    }
    recent.addLast(what);
  }

  /** A number from 0 to {@code bound - 1}. */
  public int below(int bound) {
    return random.nextInt(bound);
  }

  /** True once in {@code n} times. */
  public boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  /** One of the choices. */
  public <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  int steps() {
    return steps;
  }

  String story() {
    StringBuilder text = new StringBuilder();
    int number = steps - recent.size();
    for (String step : recent) {
      number++;
      text.append("\n  ").append(number).append(". ").append(step);
    }
    return text.toString();
  }
}
