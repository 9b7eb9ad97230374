package io.bitrouter.wire.json;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
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
    byStart.merge(at.start(), new Splice(at.end(), replacement), Splices::both);
    growth += replacement.length - at.length();
    return this;
  }

  /** Leaves {@code at} out, which no other replacement touches. */
  public Splices remove(Span at) {
    return replace(at, new byte[0]);
  }

  /** Puts {@code text} before the byte at {@code index}, after what was put there before. */
  public Splices insert(int index, byte[] text) {
    byStart.merge(index, new Splice(index, text), Splices::both);
    growth += text.length;
    return this;
  }

  /**
   * Gives an object's member a value, which replaces the one at {@code valueAt} if it has one.
   *
   * @param membersAt where the object, which is not empty, takes further members
   */
  public Splices member(int membersAt, Optional<Span> valueAt, String name, String value) {
    return valueAt.isPresent()
        ? replace(valueAt.get(), value.getBytes(StandardCharsets.UTF_8))
        : insert(membersAt, ("\"" + name + "\":" + value + ",").getBytes(StandardCharsets.UTF_8));
  }

  private static Splice both(Splice first, Splice second) {
    ByteBuffer joined =
        ByteBuffer.allocate(first.replacement().length + second.replacement().length);
    joined.put(first.replacement()).put(second.replacement());
    return new Splice(Math.max(first.end(), second.end()), joined.array());
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
