package io.bitrouter.core.control;

import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyIndex;
import io.bitrouter.core.credential.KeyMinter;
import io.bitrouter.core.credential.KeyMinter.Minted;
import io.bitrouter.core.credential.KeyMinter.Parent;
import io.bitrouter.core.credential.KeyMinter.Wanted;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.KeyVerifier;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.NamespaceView;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Mints, lists, rotates and revokes keys. A change is decided, stored with its audit row, put into
 * the index, and only then reported: whoever reads the answer can rely on it. Thread-safe.
 */
public final class KeyService {

  /** Longest life of a key that an operator gets by entering a namespace, seconds. */
  public static final long LONGEST_ENTRY_SECONDS = 3_600;

  /** Longest time for which a rotated key's old secret goes on working, seconds: 30 days. */
  public static final long LONGEST_OVERLAP_SECONDS = 2_592_000;

  private static final String NO_SUCH_KEY = "no such key";
  private static final long MICROS_A_SECOND = 1_000_000L;

  private final ControlStore store;
  private final KeyIndex index;
  private final KeyMinter minter;
  private final Ticker ticker;
  private final Audits audits;

  public KeyService(ControlStore store, KeyIndex index, KeyMinter minter, Ticker ticker) {
    this.store = store;
    this.index = index;
    this.minter = minter;
    this.ticker = ticker;
    this.audits = new Audits(ticker);
  }

  /** The keys of the caller's namespace, revoked ones too, with their latest use. */
  public List<KeyRecord> keys(NamespaceGrant grant) {
    return store.open(grant).keys().stream().map(this::withLastUse).toList();
  }

  /** One key of the caller's namespace. */
  public Outcome<KeyRecord> key(NamespaceGrant grant, KeyId id) {
    return Outcome.found(store.open(grant).key(id), NO_SUCH_KEY).map(this::withLastUse);
  }

  /** Mints a sub-key of the caller in the caller's namespace. */
  public Outcome<Minted> mint(Caller.Key caller, Wanted wanted, Asked<Minted> asked) {
    return minter
        .mint(Parent.of(caller), wanted)
        .then(minted -> keep(caller, caller.grant(), minted, "key.mint", asked));
  }

  /** Mints a lasting key of a namespace for an operator; the namespace's log shows it. */
  public Outcome<Minted> mintFor(
      Caller.Operator operator, NamespaceId namespace, Wanted wanted, Asked<Minted> asked) {
    return NamespaceService.entered(store, operator, namespace)
        .then(grant ->
            minter
                .mint(new Parent(grant, Optional.empty(), OptionalLong.empty()), wanted)
                .then(minted -> keep(operator, grant, minted, "key.issue", asked)));
  }

  /**
   * How an operator wants to enter a namespace.
   *
   * @param scopes what for
   * @param ttlSeconds 1 to {@link #LONGEST_ENTRY_SECONDS}
   * @param reason why, for the namespace's log; not empty
   */
  public record Entry(List<String> scopes, long ttlSeconds, String reason) {}

  /** Lets an operator into a namespace for a while, by a key that ends then. */
  public Outcome<Minted> enter(
      Caller.Operator operator, NamespaceId namespace, Entry entry, Asked<Minted> asked) {
    return NamespaceService.entered(store, operator, namespace)
        .then(grant -> enter(operator, grant, entry, asked));
  }

  private Outcome<Minted> enter(
      Caller.Operator operator, NamespaceGrant grant, Entry entry, Asked<Minted> asked) {
    String reason = entry.reason();
    if (reason.isBlank() || reason.length() > 100) {
      return invalid("reason", "reason must have 1 to 100 characters");
    }
    if (entry.ttlSeconds() < 1 || entry.ttlSeconds() > LONGEST_ENTRY_SECONDS) {
      return invalid("ttl_secs", "ttl_secs must be 1 to " + LONGEST_ENTRY_SECONDS);
    }
    OptionalLong end = OptionalLong.of(ticker.epochMicros() + entry.ttlSeconds() * MICROS_A_SECOND);
    Wanted wanted = new Wanted("operator: " + reason.strip(), entry.scopes(), end);
    return minter
        .mint(new Parent(grant, Optional.empty(), end), wanted)
        .then(minted -> keep(operator, grant, minted, "namespace.enter", asked));
  }

  /**
   * Revokes a key.
   *
   * @param cascade whether its descendants go with it
   * @return how many descendants were revoked along
   */
  public Outcome<Integer> revoke(
      Caller.Key caller, KeyId id, boolean cascade, Asked<Integer> asked) {
    NamespaceView view = store.open(caller.grant());
    if (asked.dryRun()) {
      return Outcome.found(view.key(id), NO_SUCH_KEY)
          .map(key -> cascade ? aliveBelow(view, id) : 0);
    }
    AuditEntry audit =
        audits
            .entry(caller, "key.revoke", "key", id.text(), asked.origin())
            .after(new AuditText().with("cascade", cascade).toString());
    Optional<List<KeyRecord>> revoked =
        index.change(
            caller.grant().namespace(),
            () -> {
              Optional<List<KeyRecord>> ended = view.revokeKey(id, cascade, audit);
              ended.ifPresent(keys -> keys.forEach(index::put));
              return ended;
            });
    return Outcome.found(revoked, NO_SUCH_KEY)
        .map(keys -> Math.toIntExact(keys.stream().filter(key -> !key.id().equals(id)).count()));
  }

  /**
   * Gives a key a new secret; the one it has goes on working for a while. Id, lineage, policies and
   * counters stay. A key may rotate itself and what was minted below it.
   *
   * @param overlapSeconds how long, 0 to {@link #LONGEST_OVERLAP_SECONDS}
   */
  public Outcome<Minted> rotate(
      Caller.Key caller, KeyId id, long overlapSeconds, Asked<Minted> asked) {
    if (overlapSeconds < 0 || overlapSeconds > LONGEST_OVERLAP_SECONDS) {
      return invalid("overlap_secs", "overlap_secs must be 0 to " + LONGEST_OVERLAP_SECONDS);
    }
    NamespaceView view = store.open(caller.grant());
    return index.change(
        caller.grant().namespace(),
        () ->
            Outcome.found(view.key(id), NO_SUCH_KEY)
                .then(key -> rotate(caller, key, overlapSeconds, asked)));
  }

  private Outcome<Minted> rotate(
      Caller.Key caller, KeyRecord key, long overlapSeconds, Asked<Minted> asked) {
    KeyId own = caller.key().id();
    if (!key.id().equals(own) && !key.ancestors().contains(own)) {
      return Outcome.refused(
          RefusalCode.FORBIDDEN, "a key rotates itself and keys minted below it, no others");
    }
    if (key.revokedAtMicros().isPresent()) {
      return revokedAlready();
    }
    long end = ticker.epochMicros() + overlapSeconds * MICROS_A_SECOND;
    Minted rotated = minter.rotate(key, end);
    return asked.dryRun() ? Outcome.done(rotated) : replace(caller, key, rotated, asked);
  }

  private Outcome<Minted> replace(
      Caller.Key caller, KeyRecord before, Minted rotated, Asked<Minted> asked) {
    KeyRecord key = rotated.key();
    long end = key.verifiers().getLast().notAfterMicros().orElseThrow();
    AuditEntry audit =
        audits
            .entry(caller, "key.rotate", "key", key.id().text(), asked.origin())
            .after(
                new AuditText()
                    .with("token_id", key.newest().tokenId())
                    .with("old_token_ends_at_micros", end)
                    .toString());
    Optional<KeyRecord> stored =
        store
            .open(caller.grant())
            .rotateKey(key.id(), key.verifiers(), asked.recorded(audit, rotated));
    if (stored.isEmpty()) {
      return revokedAlready();
    }
    index.put(stored.get());
    List<KeyVerifier> dropped =
        before.verifiers().stream()
            .filter(old ->
                key.verifiers().stream().noneMatch(now -> now.tokenId().equals(old.tokenId())))
            .toList();
    index.remove(List.of(before.withVerifiers(dropped)));
    return Outcome.done(rotated);
  }

  private Outcome<Minted> keep(
      Caller caller, NamespaceGrant grant, Minted minted, String action, Asked<Minted> asked) {
    if (asked.dryRun()) {
      return Outcome.done(minted);
    }
    KeyRecord key = minted.key();
    AuditEntry audit =
        audits
            .entry(caller, action, "key", key.id().text(), asked.origin())
            .after(
                new AuditText()
                    .with("display_name", key.name())
                    .with("scopes", key.scopes().tokens())
                    .toString());
    boolean kept =
        index.change(
            grant.namespace(),
            () -> {
              boolean added = store.open(grant).addKey(key, asked.recorded(audit, minted));
              if (added) {
                index.put(key);
              }
              return added;
            });
    return kept
        ? Outcome.done(minted)
        : Outcome.refused(RefusalCode.CONFLICT, "the minting key or its namespace has just ended");
  }

  private static int aliveBelow(NamespaceView view, KeyId id) {
    return Math.toIntExact(
        view.keys().stream()
            .filter(key -> key.ancestors().contains(id) && key.revokedAtMicros().isEmpty())
            .count());
  }

  private KeyRecord withLastUse(KeyRecord key) {
    return index.lastUse(key).map(OptionalLong::of).map(key::withLastUse).orElse(key);
  }

  private static <T> Outcome<T> revokedAlready() {
    return Outcome.refused(
        Refusal.of(RefusalCode.CONFLICT, "the key has been revoked and cannot be rotated")
            .withHint("mint a new key"));
  }

  private static <T> Outcome<T> invalid(String param, String message) {
    return Outcome.refused(Refusal.of(RefusalCode.INVALID_REQUEST, message).withParam(param));
  }
}
