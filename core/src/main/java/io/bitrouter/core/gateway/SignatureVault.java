package io.bitrouter.core.gateway;

import java.util.Optional;

/**
 * Keeps what providers want back with the next request and clients of another protocol cannot
 * carry: thoughts and seals, by the id of the call they led to. Belongs to one namespace. Bounded
 * and forgetful: what is not there is left out, as if the client had not kept it. Thread-safe.
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
}
