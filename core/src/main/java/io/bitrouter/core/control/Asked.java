package io.bitrouter.core.control;

import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.KeptAnswer;
import io.bitrouter.core.store.Recorded;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a change is asked for.
 *
 * @param <T> what the change results in
 * @param origin where from
 * @param dryRun whether only the answer is wanted: then nothing is changed or recorded
 * @param keeping the sealed answer to be kept for this result, when the client named the request
 */
public record Asked<T>(Origin origin, boolean dryRun, Function<T, Optional<KeptAnswer>> keeping) {

  /** A change that is made once, with nothing kept for a repetition. */
  public static <T> Asked<T> once(Origin origin) {
    return new Asked<>(origin, false, unused -> Optional.empty());
  }

  /** What is stored together with the change that results in {@code result}. */
  Recorded recorded(AuditEntry audit, T result) {
    return new Recorded(audit, keeping.apply(result));
  }
}
