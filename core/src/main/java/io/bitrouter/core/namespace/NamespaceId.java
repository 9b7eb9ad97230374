package io.bitrouter.core.namespace;

import io.bitrouter.core.kernel.Ulid;

/**
 * Identity of a namespace for life, {@code ns_} and a ULID. Names are labels and may change; this
 * never does.
 */
public record NamespaceId(String text) {

  /** What every id starts with. */
  public static final String PREFIX = "ns_";

  /** The id made from a ULID. */
  public static NamespaceId of(Ulid ulid) {
    return new NamespaceId(PREFIX + ulid);
  }

  @Override
  public String toString() {
    return text;
  }
}
