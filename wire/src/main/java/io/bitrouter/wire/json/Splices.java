package io.bitrouter.wire.json;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/** Replacements in a body; every byte outside of them is kept. Not thread-safe. */
public final class Splices {

  private record Splice(int end, byte[] replacement) {}

  private final Map<Integer, Splice> byStart = new TreeMap<>();
  private int growth;

  /** No replacements yet. */
  public Splices() {}

  /** Puts {@code replacement} in the place of {@code at}, which no other replacement touches. */
  public Splices replace(Span at, byte[] replacement) {
    byStart.put(at.start(), new Splice(at.end(), replacement));
    growth += replacement.length - at.length();
    return this;
  }

  /** A copy of {@code body} with the replacements. */
  public byte[] applyTo(byte[] body) {
    ByteBuffer result = ByteBuffer.allocate(body.length + growth);
    int from = 0;
    for (var splice : byStart.entrySet()) {
      result.put(body, from, splice.getKey() - from).put(splice.getValue().replacement());
      from = splice.getValue().end();
    }
    return result.put(body, from, body.length - from).array();
  }
}
