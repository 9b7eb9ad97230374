package io.bitrouter.core.store;

import java.util.Optional;

/**
 * What is written together with a change, in its transaction.
 *
 * @param audit the row for the namespace's audit log
 * @param answer the sealed answer, when the client may ask for the same change again
 */
public record Recorded(AuditEntry audit, Optional<KeptAnswer> answer) {

  /** A change that nobody asked to remember the answer of. */
  public static Recorded of(AuditEntry audit) {
    return new Recorded(audit, Optional.empty());
  }
}
