package io.bitrouter.store.row;

import java.nio.charset.StandardCharsets;

/** Reads what {@link ByteWriter} wrote, never beyond its end. Not thread-safe. */
public final class ByteReader {

  private final byte[] bytes;
  private final int end;
  private int at;

  /** Reads {@code bytes} from {@code from} up to {@code end}. */
  public ByteReader(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /** Index of the next byte. */
  public int position() {
    return at;
  }

  /** How many bytes are left. */
  public int remaining() {
    return end - at;
  }

  /** Eight bits. */
  public int u8() {
    need(1);
    return bytes[at++] & 0xFF;
  }

  /** 64 bits, big-endian. */
  public long u64() {
    need(Long.BYTES);
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << 8 | bytes[at++] & 0xFF;
    }
    return value;
  }

  /** See {@link ByteWriter#varint}. */
  public long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      value |= (next & 0x7FL) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new MalformedBytesException("a number is longer than ten bytes");
  }

  /** See {@link ByteWriter#zigzag}. */
  public long zigzag() {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  /** See {@link ByteWriter#text}. */
  public String text() {
    int count = length();
    String text = new String(bytes, at, count, StandardCharsets.UTF_8);
    at += count;
    return text;
  }

  /** Passes over a text. */
  public void skipText() {
    int count = length();
    at += count;
  }

  /** A copy of the next {@code count} bytes. */
  public byte[] raw(int count) {
    need(count);
    byte[] copy = new byte[count];
    System.arraycopy(bytes, at, copy, 0, count);
    at += count;
    return copy;
  }

  private int length() {
    long count = varint();
    if (count < 0 || count > remaining()) {
      throw new MalformedBytesException("a text reaches beyond its record");
    }
    return (int) count;
  }

  private void need(int count) {
    if (count < 0 || remaining() < count) {
      throw new MalformedBytesException("a record ends before its last field");
    }
  }
}
