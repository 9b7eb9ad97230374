package io.bitrouter.it.bench;

import java.util.Arrays;

/** What a number of requests took. Thread-safe. */
final class Latencies {

  private final long[] total;
  private final long[] first;
  private int count;
  private int failed;
  private int broken;

  /** Room for {@code most} answers; more are counted and not kept. */
  Latencies(int most) {
    total = new long[most];
    first = new long[most];
  }

  synchronized void add(long totalNanos, long firstNanos, boolean ok) {
    if (count < total.length) {
      total[count] = totalNanos;
      first[count] = firstNanos;
      count++;
    }
    failed += ok ? 0 : 1;
  }

  synchronized void addBroken() {
    broken++;
  }

  /** Answers. */
  synchronized int count() {
    return count;
  }

  /** Answers with a bad status, and connections that broke. */
  synchronized int bad() {
    return failed + broken;
  }

  /** A percentile of the time to the last byte, microseconds. */
  synchronized long totalMicros(double percent) {
    return percentile(total, percent);
  }

  /** A percentile of the time to the first byte of the body, microseconds. */
  synchronized long firstMicros(double percent) {
    return percentile(first, percent);
  }

  private long percentile(long[] nanos, double percent) {
    if (count == 0) {
      return 0;
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    int index = (int) Math.ceil(count * percent / 100) - 1;
    return sorted[Math.clamp(index, 0, count - 1)] / 1_000;
  }
}
