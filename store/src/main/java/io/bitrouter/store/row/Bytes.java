package io.bitrouter.store.row;

import java.util.Arrays;

/** A part of a record that can be looked up in a map. The array must not be changed. */
public record Bytes(byte[] array) {

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes(byte[] others) && Arrays.equals(array, others);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  @Override
  public String toString() {
    return "bytes[" + array.length + "]";
  }
}
