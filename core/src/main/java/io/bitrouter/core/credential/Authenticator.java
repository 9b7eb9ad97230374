package io.bitrouter.core.credential;

import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.NamespaceId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * Turns what a client presents into a {@link Caller}: the only place where a namespace enters a
 * request. Reads memory alone. Thread-safe.
 */
public final class Authenticator {

  private final KeyIndex index;
  private final Peppers peppers;
  private final Ticker ticker;
  private final LongAdder authentications = new LongAdder();

  /** With the index of all credentials and the peppers that made their verifiers. */
  public Authenticator(KeyIndex index, Peppers peppers, Ticker ticker) {
    this.index = index;
    this.peppers = peppers;
    this.ticker = ticker;
  }

  /**
   * Authenticates a request.
   *
   * @param presented every credential the request carries, in any form; those that are not ours by
   *     their prefix are ignored, and two different ones of ours are refused
   * @return the caller; {@code unauthorized} for anything missing, malformed, unknown or wrong, all
   *     with the same words; {@code key_revoked} and {@code key_expired} only after the secret was
   *     found right
   */
  public Outcome<Caller> authenticate(List<String> presented) {
    Set<String> ours = new LinkedHashSet<>(2);
    for (String candidate : presented) {
      if (Token.looksLikeOurs(candidate)) {
        ours.add(candidate);
      }
    }
    if (ours.size() > 1) {
      return Outcome.refused(
          Refusal.of(
                  RefusalCode.INVALID_REQUEST, "the request carries two different BitRouter keys")
              .withHint("send one: Authorization: Bearer <key> or x-api-key: <key>"));
    }
    Optional<Token> token = ours.stream().findFirst().flatMap(Token::parse);
    if (token.isEmpty()) {
      return unauthorized();
    }
    Outcome<Caller> outcome =
        switch (token.get().kind()) {
          case API_KEY -> key(token.get());
          case OPERATOR -> operator(token.get());
        };
    if (outcome instanceof Outcome.Done<Caller>) {
      authentications.increment();
    }
    return outcome;
  }

  /** Requests since the start whose credential was good. */
  public long authentications() {
    return authentications.sum();
  }

  private Outcome<Caller> key(Token token) {
    Optional<KeyIndex.KeyEntry> found = index.key(token.tokenId());
    if (found.isEmpty()) {
      peppers.verifyNothing(token);
      return unauthorized();
    }
    KeyIndex.KeyEntry entry = found.get();
    KeyRecord key = entry.key();
    if (!peppers.verifies(token, entry.verifier(), key.namespace())) {
      return unauthorized();
    }
    long now = ticker.epochMicros();
    if (key.revokedAtMicros().isPresent()) {
      return Outcome.refused(
          Refusal.of(RefusalCode.KEY_REVOKED, "this key has been revoked")
              .withHint("use another key of the namespace, or have one minted"));
    }
    if (past(key.expiresAtMicros(), now) || past(entry.verifier().notAfterMicros(), now)) {
      return Outcome.refused(
          Refusal.of(RefusalCode.KEY_EXPIRED, "this key has expired")
              .withHint("have a new key minted in the namespace"));
    }
    KeyIndex.used(entry, now);
    return Outcome.done(new Caller.Key(key, entry.grant()));
  }

  private Outcome<Caller> operator(Token token) {
    Optional<OperatorRecord> found = index.operator(token.tokenId());
    if (found.isEmpty()) {
      peppers.verifyNothing(token);
      return unauthorized();
    }
    OperatorRecord operator = found.get();
    if (!peppers.verifiesOperator(token, operator.verifier())) {
      return unauthorized();
    }
    if (operator.revokedAtMicros().isPresent()) {
      return Outcome.refused(
          Refusal.of(RefusalCode.KEY_REVOKED, "this operator credential has been revoked"));
    }
    if (past(operator.expiresAtMicros(), ticker.epochMicros())) {
      return Outcome.refused(
          Refusal.of(RefusalCode.KEY_EXPIRED, "this operator credential has expired"));
    }
    return Outcome.done(
        new Caller.Operator(operator, new OperatorGrant(operator.scopes(), operator.reach())));
  }

  private static boolean past(OptionalLong moment, long now) {
    return moment.isPresent() && moment.getAsLong() <= now;
  }

  private static Outcome<Caller> unauthorized() {
    return Outcome.refused(
        Refusal.of(RefusalCode.UNAUTHORIZED, "no valid BitRouter key in the request")
            .withHint("send Authorization: Bearer brk_… or x-api-key: brk_…"));
  }

  /** See {@link Peppers#pseudonym}. */
  public String pseudonym(NamespaceId namespace, String name) {
    return peppers.pseudonym(namespace, name);
  }
}
