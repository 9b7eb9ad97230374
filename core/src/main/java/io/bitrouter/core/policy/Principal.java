package io.bitrouter.core.policy;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.namespace.NamespaceId;

/**
 * Whom a policy can be bound to, and where its clauses are then metered. A principal is meant
 * inside one namespace; the namespace is not part of it because whoever holds one holds a grant.
 *
 * @param kind what it is
 * @param id its id
 */
public record Principal(Kind kind, String id) {

  /** What a principal is. */
  public enum Kind {
    /** The namespace as a whole. */
    NAMESPACE("namespace"),
    /** A key, with everything that was minted below it. */
    API_KEY("api_key");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The word on the wire. */
    public String text() {
      return text;
    }
  }

  /** The namespace itself. */
  public static Principal of(NamespaceId namespace) {
    return new Principal(Kind.NAMESPACE, namespace.text());
  }

  /** A key of the namespace. */
  public static Principal of(KeyId key) {
    return new Principal(Kind.API_KEY, key.text());
  }

  @Override
  public String toString() {
    return kind.text() + ":" + id;
  }
}
