package io.bitrouter.core.gateway;

import java.util.List;
import java.util.Optional;

/** Header fields of a message; names are compared without regard to case. */
public interface HeaderFields {

  /** The first value of {@code name}. */
  Optional<String> first(String name);

  /** All values of {@code name}, in order. */
  List<String> all(String name);
}
