package io.bitrouter.core.store;

/** Signs heads of audit logs with the node's own key (Ed25519, RFC 8032). Thread-safe. */
public interface AuditSigner {

  /** The signature of {@code message}. */
  byte[] sign(byte[] message);

  /** Whether {@code signature} is the node's over {@code message}. */
  boolean verifies(byte[] message, byte[] signature);

  /** The public key, 32 bytes. */
  byte[] publicKey();
}
