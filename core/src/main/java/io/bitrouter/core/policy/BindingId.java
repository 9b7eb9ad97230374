package io.bitrouter.core.policy;

import io.bitrouter.core.kernel.Ulid;

/** Identity of a binding for life, {@code pb_} and a ULID. */
public record BindingId(String text) {

  /** What every id starts with. */
  public static final String PREFIX = "pb_";

  /** The id made from a ULID. */
  public static BindingId of(Ulid ulid) {
    return new BindingId(PREFIX + ulid);
  }

  @Override
  public String toString() {
    return text;
  }
}
