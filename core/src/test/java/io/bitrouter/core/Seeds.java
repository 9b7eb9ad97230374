package io.bitrouter.core;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Tries a property with many seeds and says with which one it fails; the core's own loop, because
 * {@code SeededLoop} of the test kit needs the whole product. The seeds are the same in every run;
 * {@code -Dbitrouter.seed=N} repeats one, {@code -Dbitrouter.deep=true} tries more.
 */
public final class Seeds {

  private Seeds() {}

  /** A property, to be checked as long as it does not throw. */
  @FunctionalInterface
  public interface Property {
    /** Checks it once; every choice comes from {@code random}. */
    void check(RandomGenerator random) throws Exception;
  }

  /** Whether the long form of every test is asked for. */
  public static boolean deep() {
    return Boolean.getBoolean("bitrouter.deep");
  }

  /** Checks a property with {@code seeds} seeds, with ten times as many in the long form. */
  public static void check(int seeds, Property property) {
    check(seeds, seeds * 10, property);
  }

  /** Checks a property with {@code seeds} seeds, with {@code deepSeeds} in the long form. */
  public static void check(int seeds, int deepSeeds, Property property) {
    Long only = Long.getLong("bitrouter.seed");
    int count = deep() ? deepSeeds : seeds;
    for (long seed = 1; seed <= count; seed++) {
      replay(only == null ? seed : only, property);
      if (only != null) {
        return;
      }
    }
  }

  private static void replay(long seed, Property property) {
    try {
      property.check(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
    } catch (Exception | AssertionError failure) {
      throw new AssertionError(
          "fails with seed " + seed + "; repeat it with -Dbitrouter.seed=" + seed + "\n" + failure,
          failure);
    }
  }
}
