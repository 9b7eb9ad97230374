package io.bitrouter.core.gateway;

import io.bitrouter.core.catalog.ProviderId;
import java.util.Optional;

/**
 * Keeps what providers want back with the next request and clients of another protocol cannot
 * carry: thoughts and seals, by the id of the call they led to; and which objects providers have
 * made for the namespace, so that it may name them again. Belongs to one namespace. Bounded and
 * forgetful: what is not there is left out, as if the client had not kept it. Thread-safe.
 */
public interface SignatureVault {

  /** One that keeps nothing. */
  SignatureVault NONE =
      new SignatureVault() {
        @Override
        public void keep(String callId, byte[] value) {}

        @Override
        public Optional<byte[]> find(String callId) {
          return Optional.empty();
        }
      };

  /** Keeps {@code value} for an hour at least, unless there is no room. */
  void keep(String callId, byte[] value);

  /** What was kept for the call. */
  Optional<byte[]> find(String callId);

  /** Keeps in mind that the provider has made {@code object} in an answer to the namespace. */
  default void obtained(ProviderId provider, String object) {}

  /** Whether that is known. */
  default boolean hasObtained(ProviderId provider, String object) {
    return false;
  }
}
