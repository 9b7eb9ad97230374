package io.bitrouter.core.store;

import io.bitrouter.core.policy.PolicySpec;

/** Writes specs as JSON text and reads what it wrote. Thread-safe. */
public interface SpecCodec {

  /** The spec as one JSON object. */
  String write(PolicySpec spec);

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException when it is something else
   */
  PolicySpec read(PolicySpec.Kind kind, String json);
}
