package io.bitrouter.wire.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;

/** Ways to split bytes that depend on the bytes alone, so that a failure can be repeated. */
public final class Splits {

  private Splits() {}

  /** Whole, byte by byte, and in parts of random size. */
  public static List<List<byte[]>> of(byte[] bytes) {
    Random random = new Random(Arrays.hashCode(bytes));
    return List.of(
        List.of(bytes), parts(bytes, () -> 1), parts(bytes, () -> 1 + random.nextInt(40)));
  }

  private static List<byte[]> parts(byte[] bytes, IntSupplier size) {
    List<byte[]> parts = new ArrayList<>();
    int from = 0;
    while (from < bytes.length) {
      int to = Math.min(bytes.length, from + size.getAsInt());
      parts.add(Arrays.copyOfRange(bytes, from, to));
      from = to;
    }
    return parts;
  }
}
