package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Answer to issuing an operator credential. Holds a secret; {@link #toString()} leaves it out.
 *
 * @param token the whole credential, {@code bro_….…}; shown once
 */
@ControlBody
public record IssuedOperator(
    String token,
    String id,
    String name,
    List<String> scopes,
    Optional<List<String>> namespaces,
    Optional<Instant> expiresAt) {
  @Override
  public String toString() {
    return "IssuedOperator[" + id + "]";
  }
}
