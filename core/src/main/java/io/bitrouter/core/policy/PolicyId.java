package io.bitrouter.core.policy;

import io.bitrouter.core.kernel.Ulid;

/** Identity of a policy for life, {@code pol_} and a ULID. */
public record PolicyId(String text) {

  /** What every id starts with. */
  public static final String PREFIX = "pol_";

  /** The id made from a ULID. */
  public static PolicyId of(Ulid ulid) {
    return new PolicyId(PREFIX + ulid);
  }

  @Override
  public String toString() {
    return text;
  }
}
