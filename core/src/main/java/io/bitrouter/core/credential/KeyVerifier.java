package io.bitrouter.core.credential;

import java.util.OptionalLong;

/**
 * What the node keeps of a secret: enough to recognise it, not to make it.
 *
 * @param tokenId public part of the token, 16 base-62 characters, unique on the node
 * @param mac HMAC-SHA-256 of the token under the pepper, see {@link TokenMac}
 * @param pepperId which pepper it was made with
 * @param notAfterMicros when this secret stops counting, set when the key was rotated
 */
public record KeyVerifier(
    String tokenId, byte[] mac, String pepperId, OptionalLong notAfterMicros) {

  /** The same secret, which stops counting at {@code micros}. */
  public KeyVerifier endingAt(long micros) {
    return new KeyVerifier(tokenId, mac, pepperId, OptionalLong.of(micros));
  }
}
