package io.bitrouter.core.kernel;

import java.util.Optional;
import java.util.function.Function;

/**
 * What an operation that can be refused returns.
 *
 * @param <T> type of the result
 */
public sealed interface Outcome<T> {

  /** It was done. */
  record Done<T>(T value) implements Outcome<T> {}

  /** It was not, and nothing has changed. */
  record Refused<T>(Refusal refusal) implements Outcome<T> {}

  /** A done outcome. */
  static <T> Outcome<T> done(T value) {
    return new Done<>(value);
  }

  /** A refused outcome. */
  static <T> Outcome<T> refused(Refusal refusal) {
    return new Refused<>(refusal);
  }

  /** As {@link #refused(Refusal)}, of a refusal with nothing but a message. */
  static <T> Outcome<T> refused(RefusalCode code, String message) {
    return refused(Refusal.of(code, message));
  }

  /** Done with what was found; without it refused as not found, with the message. */
  static <T> Outcome<T> found(Optional<T> value, String message) {
    return value.isPresent() ? done(value.get()) : refused(RefusalCode.NOT_FOUND, message);
  }

  /** Continues with the value, or passes the refusal on. */
  default <R> Outcome<R> then(Function<? super T, Outcome<R>> next) {
    return switch (this) {
      case Done<T>(T value) -> next.apply(value);
      case Refused<T>(Refusal refusal) -> refused(refusal);
    };
  }

  /** Maps the value, or passes the refusal on. */
  default <R> Outcome<R> map(Function<? super T, ? extends R> mapping) {
    return then(value -> done(mapping.apply(value)));
  }
}
