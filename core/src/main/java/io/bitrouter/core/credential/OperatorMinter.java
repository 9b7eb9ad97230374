package io.bitrouter.core.credential;

import io.bitrouter.core.kernel.Label;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.kernel.Ulid;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Makes operator credentials that are never wider than the one that issues them. Thread-safe if its
 * random source is.
 *
 * <p>Every way to one but the host's own goes through {@link #narrow}; nothing else decides what it
 * may do.
 */
public final class OperatorMinter {

  private final Peppers peppers;
  private final Ticker ticker;
  private final RandomGenerator random;

  /** With a cryptographically strong source of randomness. */
  public OperatorMinter(Peppers peppers, Ticker ticker, RandomGenerator random) {
    this.peppers = peppers;
    this.ticker = ticker;
    this.random = random;
  }

  /**
   * What a new credential is asked to be.
   *
   * @param name label
   * @param scopes wanted scopes, as asked
   * @param reach wanted namespaces; those of the issuer when empty
   * @param expiresAtMicros wanted end; that of the issuer when empty
   */
  public record Wanted(
      String name, List<String> scopes, Optional<Reach.Only> reach, OptionalLong expiresAtMicros) {}

  /** What the issuer can give of it: all, or a refusal. */
  public record Narrowed(ScopeSet scopes, Reach reach, OptionalLong expiresAtMicros) {}

  /** A new credential and its secret, which is nowhere else. */
  public record Issued(OperatorRecord operator, Token token) {}

  /** Decides what a new credential may do; pure but for the time. */
  public Outcome<Narrowed> narrow(OperatorRecord issuer, Wanted wanted) {
    if (wanted.scopes().isEmpty()) {
      return invalid("scopes", "scopes is empty; a credential without scopes could do nothing");
    }
    for (String scope : wanted.scopes()) {
      if (!Scope.OF_AN_OPERATOR.contains(scope)) {
        return invalid(
            "scopes",
            "unknown operator scope; there are " + String.join(" ", Scope.OF_AN_OPERATOR));
      }
    }
    Optional<String> missing = issuer.scopes().firstMissing(wanted.scopes());
    if (missing.isPresent()) {
      return Outcome.refused(
          Refusal.of(RefusalCode.FORBIDDEN, "missing required scope: " + missing.get()));
    }
    Reach reach = wanted.reach().<Reach>map(only -> only).orElse(issuer.reach());
    if (!issuer.reach().covers(reach)) {
      return Outcome.refused(Refusal.of(RefusalCode.NOT_FOUND, "no such namespace"));
    }
    return end(issuer, wanted).map(end -> new Narrowed(ScopeSet.of(wanted.scopes()), reach, end));
  }

  /** Makes a credential of what {@link #narrow} allows; it exists once it has been stored. */
  public Outcome<Issued> issue(OperatorRecord issuer, Wanted wanted) {
    Optional<String> fault = Label.fault("name", wanted.name());
    if (fault.isPresent()) {
      return invalid("name", fault.get());
    }
    String name = wanted.name().strip();
    if (name.equals(OperatorRecord.ROOT)) {
      return invalid("name", "the name '" + name + "' is the host's own credential's");
    }
    return narrow(issuer, wanted).map(narrowed -> make(issuer, name, narrowed));
  }

  private Issued make(OperatorRecord issuer, String name, Narrowed narrowed) {
    long now = ticker.epochMicros();
    Token token = Token.generate(Token.Kind.OPERATOR, random);
    return new Issued(
        new OperatorRecord(
            OperatorRecord.PREFIX + Ulid.next(now, random),
            name,
            narrowed.scopes(),
            narrowed.reach(),
            Optional.of(issuer.id()),
            now,
            narrowed.expiresAtMicros(),
            OptionalLong.empty(),
            peppers.verifierForOperator(token)),
        token);
  }

  private Outcome<OptionalLong> end(OperatorRecord issuer, Wanted wanted) {
    if (wanted.expiresAtMicros().isEmpty()) {
      return Outcome.done(issuer.expiresAtMicros());
    }
    long end = wanted.expiresAtMicros().getAsLong();
    if (end <= ticker.epochMicros()) {
      return invalid("expires_at", "expires_at is in the past");
    }
    if (issuer.expiresAtMicros().isPresent() && end > issuer.expiresAtMicros().getAsLong()) {
      return invalid("expires_at", "expires_at is later than the end of the issuing credential");
    }
    return Outcome.done(wanted.expiresAtMicros());
  }

  private static <T> Outcome<T> invalid(String param, String message) {
    return Outcome.refused(Refusal.of(RefusalCode.INVALID_REQUEST, message).withParam(param));
  }
}
