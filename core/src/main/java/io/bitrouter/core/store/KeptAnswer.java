package io.bitrouter.core.store;

import java.util.Arrays;

/**
 * The answer to a change that was asked for with an idempotency key, sealed under a key derived
 * from the secret of the credential that asked: the node alone cannot read it.
 *
 * @param credentialId id of the credential that asked
 * @param nameHash SHA-256 of the idempotency key
 * @param requestHash SHA-256 of the request it was given for
 * @param sealed the answer
 * @param expiresAtMicros until when it is kept
 */
public record KeptAnswer(
    String credentialId, byte[] nameHash, byte[] requestHash, byte[] sealed, long expiresAtMicros) {

  @Override
  public boolean equals(Object other) {
    return other instanceof KeptAnswer that
        && credentialId.equals(that.credentialId)
        && Arrays.equals(nameHash, that.nameHash)
        && Arrays.equals(requestHash, that.requestHash)
        && Arrays.equals(sealed, that.sealed)
        && expiresAtMicros == that.expiresAtMicros;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(nameHash);
  }

  @Override
  public String toString() {
    return "kept answer of " + credentialId;
  }
}
