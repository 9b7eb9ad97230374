package io.bitrouter.wire.json;

/**
 * Bytes of a body.
 *
 * @param start index of the first byte
 * @param end index after the last byte
 */
public record Span(int start, int end) {

  /** Number of bytes. */
  public int length() {
    return end - start;
  }
}
