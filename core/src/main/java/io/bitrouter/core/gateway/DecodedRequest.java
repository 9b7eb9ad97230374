package io.bitrouter.core.gateway;

import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.kernel.Outcome;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** A request body, decoded as far as the gateway needs; everything else stays as sent. */
public interface DecodedRequest {

  /** What it asks for, in the terms that rules judge. */
  AskedRequest asked();

  /** Hex SHA-256 of the tools member, when there is one. */
  Optional<String> toolsSha256();

  /** Whether it costs nothing, wherever it goes and whatever becomes of it. */
  default boolean free() {
    return false;
  }

  /**
   * The same request where the namespace has answers stored: one that goes on from a stored answer
   * begins with what that one was given and said, and so needs nothing that a provider keeps.
   *
   * @param earlier what is stored under an id
   */
  default Outcome<DecodedRequest> storing(Function<String, Outcome<Optional<StoredTurn>>> earlier) {
    return Outcome.done(this);
  }

  /**
   * What is to be stored of the answer, if anything is.
   *
   * @param end the last bytes for the client: the whole answer, or the events that end the stream
   */
  default Optional<StoredTurn> stored(byte[] end) {
    return Optional.empty();
  }

  /**
   * The request as {@code target} gets it, and the way back. Refused when the target's protocol
   * cannot say it.
   *
   * @param outputCap output tokens to allow per choice where the client does not say how many; what
   *     it says stays as it is
   * @param onBehalf of whom it is sent
   */
  Outcome<Passage> toward(Target target, OptionalLong outputCap, OnBehalf onBehalf);
}
