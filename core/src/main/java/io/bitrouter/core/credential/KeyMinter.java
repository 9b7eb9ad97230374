package io.bitrouter.core.credential;

import io.bitrouter.core.kernel.Label;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.kernel.Ulid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Makes keys that are never wider than who asks for them. Thread-safe if its random source is.
 *
 * <p>Every way to a key goes through {@link #narrow}; nothing else decides what a new key may do.
 */
public final class KeyMinter {

  private final Peppers peppers;
  private final Ticker ticker;
  private final RandomGenerator random;

  /** With a cryptographically strong source of randomness. */
  public KeyMinter(Peppers peppers, Ticker ticker, RandomGenerator random) {
    this.peppers = peppers;
    this.ticker = ticker;
    this.random = random;
  }

  /**
   * What a new key is asked to be.
   *
   * @param name label
   * @param scopes wanted scopes, as asked
   * @param expiresAtMicros wanted end
   */
  public record Wanted(String name, List<String> scopes, OptionalLong expiresAtMicros) {}

  /**
   * Who asks.
   *
   * @param grant its authority
   * @param key the key it is, empty when an operator asks
   * @param endsAtMicros when its own authority ends
   */
  public record Parent(NamespaceGrant grant, Optional<KeyRecord> key, OptionalLong endsAtMicros) {

    /** A key that mints a sub-key. */
    public static Parent of(Caller.Key caller) {
      return new Parent(caller.grant(), Optional.of(caller.key()), caller.key().expiresAtMicros());
    }
  }

  /**
   * What of the wanted the parent can give: all of it, or a refusal. Nothing is narrowed silently.
   *
   * @param scopes the granted set, equal to the wanted one
   * @param expiresAtMicros the wanted end, or the parent's when none was wanted
   */
  public record Narrowed(ScopeSet scopes, OptionalLong expiresAtMicros) {}

  /** A new key and its secret, which is nowhere else. */
  public record Minted(KeyRecord key, Token token) {}

  /** Decides what a new key may be; pure but for the time. */
  public Outcome<Narrowed> narrow(Parent parent, Wanted wanted) {
    if (wanted.scopes().isEmpty()) {
      return invalid("scopes", "scopes is empty; a key without scopes could do nothing");
    }
    for (String scope : wanted.scopes()) {
      if (!known(scope)) {
        return invalid("scopes", "unknown scope '" + shorten(scope) + "'");
      }
    }
    Optional<String> missing = parent.grant().scopes().firstMissing(wanted.scopes());
    if (missing.isPresent()) {
      return Outcome.refused(
          Refusal.of(RefusalCode.FORBIDDEN, "missing required scope: " + missing.get()));
    }
    return end(parent, wanted).map(end -> new Narrowed(ScopeSet.of(wanted.scopes()), end));
  }

  /** Makes a key of what {@link #narrow} allows; it exists once it has been stored. */
  public Outcome<Minted> mint(Parent parent, Wanted wanted) {
    if (parent
        .key()
        .filter(key -> key.ancestors().size() >= KeyRecord.MOST_ANCESTORS)
        .isPresent()) {
      return invalid("scopes", "a lineage has at most " + (KeyRecord.MOST_ANCESTORS + 1) + " keys");
    }
    Optional<String> badName = Label.fault("display_name", wanted.name());
    if (badName.isPresent()) {
      return invalid("display_name", badName.get());
    }
    return narrow(parent, wanted).map(narrowed -> make(parent, wanted.name().strip(), narrowed));
  }

  /**
   * The same key with a new secret; its newest one ends at {@code endMicros}, an older one at once.
   */
  public Minted rotate(KeyRecord key, long endMicros) {
    Token token = Token.generate(Token.Kind.API_KEY, random);
    return new Minted(
        key.withVerifiers(
            List.of(peppers.verifierFor(token, key.namespace()), key.newest().endingAt(endMicros))),
        token);
  }

  private Minted make(Parent parent, String name, Narrowed narrowed) {
    long now = ticker.epochMicros();
    KeyId id = KeyId.of(Ulid.next(now, random));
    Token token = Token.generate(Token.Kind.API_KEY, random);
    KeyRecord key =
        new KeyRecord(
            parent.grant().namespace(),
            id,
            name,
            narrowed.scopes(),
            parent.key().map(KeyMinter::lineage).orElse(List.of()),
            now,
            narrowed.expiresAtMicros(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            List.of(peppers.verifierFor(token, parent.grant().namespace())));
    return new Minted(key, token);
  }

  private static List<KeyId> lineage(KeyRecord parent) {
    List<KeyId> ancestors = new ArrayList<>(parent.ancestors().size() + 1);
    ancestors.add(parent.id());
    ancestors.addAll(parent.ancestors());
    return List.copyOf(ancestors);
  }

  private Outcome<OptionalLong> end(Parent parent, Wanted wanted) {
    if (wanted.expiresAtMicros().isEmpty()) {
      return Outcome.done(parent.endsAtMicros());
    }
    long end = wanted.expiresAtMicros().getAsLong();
    if (end <= ticker.epochMicros()) {
      return invalid("expires_at", "expires_at is in the past");
    }
    if (parent.endsAtMicros().isPresent() && end > parent.endsAtMicros().getAsLong()) {
      return invalid("expires_at", "expires_at is later than the end of the key that mints");
    }
    return Outcome.done(wanted.expiresAtMicros());
  }

  private static boolean known(String scope) {
    if (scope.endsWith(":*")) {
      String resource = scope.substring(0, scope.length() - 1);
      return Scope.OF_A_KEY.stream().anyMatch(known -> known.startsWith(resource));
    }
    return Scope.OF_A_KEY.contains(scope) || Scope.NEVER_BAKED.contains(scope);
  }

  private static String shorten(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "…";
  }

  private static <T> Outcome<T> invalid(String param, String message) {
    return Outcome.refused(Refusal.of(RefusalCode.INVALID_REQUEST, message).withParam(param));
  }
}
