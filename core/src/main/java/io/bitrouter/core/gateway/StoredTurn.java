package io.bitrouter.core.gateway;

import java.nio.ByteBuffer;

/**
 * An answer to be gone on from.
 *
 * @param id the id that the client knows it by, at most {@link #LONGEST_ID} characters
 * @param input all that the model was given, in the protocol of the answer
 * @param response the answer as it can be fetched
 */
public record StoredTurn(String id, byte[] input, byte[] response) {

  /** Most characters of an id. */
  public static final int LONGEST_ID = 256;

  /** Most bytes of input and answer together. */
  public static final int MOST_BYTES = 8 << 20;

  /** Bytes of both. */
  int bytes() {
    return input.length + response.length;
  }

  /** All but the id. */
  byte[] content() {
    return ByteBuffer.allocate(Integer.BYTES + bytes())
        .putInt(input.length)
        .put(input)
        .put(response)
        .array();
  }

  /** The turn with this id and what {@link #content} gave. */
  static StoredTurn of(String id, byte[] content) {
    ByteBuffer from = ByteBuffer.wrap(content);
    byte[] input = new byte[from.getInt()];
    from.get(input);
    byte[] response = new byte[from.remaining()];
    from.get(response);
    return new StoredTurn(id, input, response);
  }
}
