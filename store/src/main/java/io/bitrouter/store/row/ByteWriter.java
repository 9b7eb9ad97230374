package io.bitrouter.store.row;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of bytes with the number and text forms of the journal. Not thread-safe. */
public final class ByteWriter {

  private byte[] bytes;
  private int length;

  /** An empty one. */
  public ByteWriter(int capacity) {
    this.bytes = new byte[Math.max(16, capacity)];
  }

  /** How many bytes there are. */
  public int length() {
    return length;
  }

  /** The array itself, valid up to {@link #length} until the next write. */
  public byte[] array() {
    return bytes;
  }

  /** A copy of what has been written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** The low eight bits. */
  public void u8(int value) {
    room(1);
    bytes[length++] = (byte) value;
  }

  /** 32 bits, big-endian. */
  public void u32(int value) {
    room(Integer.BYTES);
    length += Integer.BYTES;
    putU32(length - Integer.BYTES, value);
  }

  /** Overwrites 32 bits written before. */
  public void putU32(int at, int value) {
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[at + i] = (byte) (value >>> (24 - 8 * i));
    }
  }

  /** 64 bits, big-endian. */
  public void u64(long value) {
    u32((int) (value >>> 32));
    u32((int) value);
  }

  /** A number as 1 to 10 bytes, seven bits each, low ones first; small ones are short. */
  public void varint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[length++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  /** A number of either sign; those near zero are short. */
  public void zigzag(long value) {
    varint(value << 1 ^ value >> 63);
  }

  /** Text, its length in UTF-8 first. */
  public void text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    varint(encoded.length);
    raw(encoded, 0, encoded.length);
  }

  /** Bytes as they are. */
  public void raw(byte[] source, int from, int count) {
    room(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }
}
