package io.bitrouter.wire.json;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Replacements in a body; every byte outside of them is kept. Not thread-safe. */
public final class Splices {

  private record Splice(Span at, byte[] replacement) {}

  private final List<Splice> splices = new ArrayList<>(2);

  /** No replacements yet. */
  public Splices() {}

  /** Puts {@code replacement} in the place of {@code at}, which no other replacement touches. */
  public Splices replace(Span at, byte[] replacement) {
    splices.add(new Splice(at, replacement));
    return this;
  }

  /** Puts {@code inserted} before the byte at {@code at}. */
  public Splices insert(int at, byte[] inserted) {
    return replace(new Span(at, at), inserted);
  }

  /** A copy of {@code body} with the replacements. */
  public byte[] applyTo(byte[] body) {
    splices.sort(Comparator.comparingInt(splice -> splice.at().start()));
    int length = body.length;
    for (Splice splice : splices) {
      length += splice.replacement().length - splice.at().length();
    }
    byte[] result = new byte[length];
    int from = 0;
    int to = 0;
    for (Splice splice : splices) {
      int kept = splice.at().start() - from;
      System.arraycopy(body, from, result, to, kept);
      to += kept;
      System.arraycopy(splice.replacement(), 0, result, to, splice.replacement().length);
      to += splice.replacement().length;
      from = splice.at().end();
    }
    System.arraycopy(body, from, result, to, body.length - from);
    return result;
  }
}
