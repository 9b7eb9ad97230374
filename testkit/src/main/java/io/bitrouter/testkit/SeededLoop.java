package io.bitrouter.testkit;

import java.util.OptionalLong;

/**
 * Runs a property with many seeds and says with which one it fails.
 *
 * <pre>{@code
 * @Test
 * void mintingNeverWidens() {
 *   SeededLoop.of("minting never widens").seeds(5_000).run(walk -> { … });
 * }
 * }</pre>
 *
 * A failure names the seed and the step. The system property {@code bitrouter.seed} repeats that
 * one seed in every loop; a seed worth keeping becomes a test of its own with {@link #replay}:
 *
 * <pre>{@code
 * @Test
 * void mintingNeverWidens_wildcardOfAnUnknownResource() {
 *   SeededLoop.of("minting never widens").replay(-4962768465676381896L, walk -> { … });
 * }
 * }</pre>
 *
 * The seeds are the same in every run, so that a build does not fail by chance; with {@code
 * bitrouter.deep=true} ten times as many are tried, from a beginning that is new each time and
 * printed. Immutable.
 */
public final class SeededLoop {

  /** Repeats this one seed. */
  public static final String SEED_PROPERTY = "bitrouter.seed";

  /** Asks for the long form of every test. */
  public static final String DEEP_PROPERTY = "bitrouter.deep";

  private static final int DEEP_FACTOR = 10;

  private final String name;
  private final int seeds;
  private final OptionalLong only;
  private final boolean deep;

  private SeededLoop(String name, int seeds, OptionalLong only, boolean deep) {
    this.name = name;
    this.seeds = seeds;
    this.only = only;
    this.deep = deep;
  }

  /** A property, to be checked as long as it does not throw. */
  @FunctionalInterface
  public interface Property {
    /** Runs it once. */
    void check(Walk walk) throws Exception;
  }

  /** A loop for the property of this name, with 100 seeds. */
  public static SeededLoop of(String name) {
    return new SeededLoop(name, 100, seedAskedFor(), deep());
  }

  /** Whether the long form of every test is asked for. */
  public static boolean deep() {
    return Boolean.getBoolean(DEEP_PROPERTY);
  }

  /** The same with this many seeds. */
  public SeededLoop seeds(int count) {
    return new SeededLoop(name, count, only, deep);
  }

  /** Runs the property with every seed; fails with the first that fails. */
  public void run(Property property) {
    if (only.isPresent()) {
      replay(only.getAsLong(), property);
      return;
    }
    long start = name.hashCode();
    int count = seeds;
    if (deep) {
      start = System.nanoTime();
      count = Math.multiplyExact(seeds, DEEP_FACTOR);
      System.out.println(name + ": " + count + " seeds from " + start);
    }
    for (int i = 0; i < count; i++) {
      replay(mix(start + i), property);
    }
  }

  /** Runs the property with one seed. */
  public void replay(long seed, Property property) {
    Walk walk = new Walk(seed);
    try {
      property.check(walk);
    } catch (Exception | AssertionError failure) {
      throw new AssertionError(
          "'%s' fails with seed %d at step %d; repeat it with -D%s=%d%s%n%s"
              .formatted(name, seed, walk.steps(), SEED_PROPERTY, seed, walk.story(), failure),
          failure);
    }
  }

  private static OptionalLong seedAskedFor() {
    String text = System.getProperty(SEED_PROPERTY, "");
    return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }

  /** Spreads neighbouring numbers over all seeds (the finaliser of SplitMix64). */
  private static long mix(long value) {
    long z = value * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
