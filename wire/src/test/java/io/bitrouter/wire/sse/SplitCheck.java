package io.bitrouter.wire.sse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Checks that a reader of streams says the same wherever the bytes were split: in two parts at
 * every position, and byte by byte.
 */
public final class SplitCheck {

  private SplitCheck() {}

  /**
   * Describes the first split that changes what {@code reader} says of {@code stream}; empty when
   * none does.
   */
  public static <T> Optional<String> differing(byte[] stream, Function<List<byte[]>, T> reader) {
    T whole = reader.apply(List.of(stream));
    for (int at = 0; at <= stream.length; at++) {
      List<byte[]> parts =
          List.of(Arrays.copyOf(stream, at), Arrays.copyOfRange(stream, at, stream.length));
      T split = reader.apply(parts);
      if (!split.equals(whole)) {
        return Optional.of("split at " + at + ": " + split + "\ninstead of " + whole);
      }
    }
    List<byte[]> bytes = new ArrayList<>(stream.length);
    for (byte b : stream) {
      bytes.add(new byte[] {b});
    }
    T single = reader.apply(bytes);
    return single.equals(whole)
        ? Optional.empty()
        : Optional.of("byte by byte: " + single + "\ninstead of " + whole);
  }
}
