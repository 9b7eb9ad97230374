package io.bitrouter.core.control;

import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyIndex;
import io.bitrouter.core.credential.KeyMinter;
import io.bitrouter.core.credential.KeyMinter.Minted;
import io.bitrouter.core.credential.KeyMinter.Parent;
import io.bitrouter.core.credential.KeyMinter.Wanted;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.Recorded;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Mints, lists and revokes keys. A change is decided, stored with its audit row, put into the
 * index, and only then reported: whoever reads the answer can rely on it. Thread-safe.
 */
public final class KeyService {

  /** Longest life of a key that an operator gets by entering a namespace, seconds. */
  public static final long LONGEST_ENTRY_SECONDS = 3_600;

  private static final long MICROS_A_SECOND = 1_000_000L;

  private final ControlStore store;
  private final KeyIndex index;
  private final KeyMinter minter;
  private final Ticker ticker;

  /** With the store, the index that authenticates, and the minter. */
  public KeyService(ControlStore store, KeyIndex index, KeyMinter minter, Ticker ticker) {
    this.store = store;
    this.index = index;
    this.minter = minter;
    this.ticker = ticker;
  }

  /** The keys of the caller's namespace, revoked ones too, with their latest use. */
  public List<KeyRecord> keys(NamespaceGrant grant) {
    return store.open(grant).keys().stream().map(this::withLastUse).toList();
  }

  /** One key of the caller's namespace. */
  public Outcome<KeyRecord> key(NamespaceGrant grant, KeyId id) {
    return store
        .open(grant)
        .key(id)
        .map(key -> Outcome.done(withLastUse(key)))
        .orElseGet(KeyService::noSuchKey);
  }

  /** Mints a sub-key of the caller in the caller's namespace. */
  public Outcome<Minted> mint(Caller.Key caller, Wanted wanted, Origin origin) {
    return minter
        .mint(Parent.of(caller), wanted)
        .then(minted -> keep(caller.grant(), minted, "key.mint", actor(caller), origin));
  }

  /** Mints a lasting key of a namespace for an operator; the namespace's log shows it. */
  public Outcome<Minted> mintFor(
      Caller.Operator operator, NamespaceId namespace, Wanted wanted, Origin origin) {
    return issue(operator, namespace, wanted, OptionalLong.empty(), "key.issue", origin);
  }

  /**
   * Lets an operator into a namespace for a while, by a key that ends then.
   *
   * @param ttlSeconds 1 to {@link #LONGEST_ENTRY_SECONDS}
   * @param reason why, for the namespace's log; not empty
   */
  public Outcome<Minted> enter(
      Caller.Operator operator,
      NamespaceId namespace,
      List<String> scopes,
      long ttlSeconds,
      String reason,
      Origin origin) {
    if (liveNamespace(operator, namespace).isEmpty()) {
      return noSuchNamespace();
    }
    if (reason.isBlank() || reason.length() > 100) {
      return invalid("reason", "reason must have 1 to 100 characters");
    }
    if (ttlSeconds < 1 || ttlSeconds > LONGEST_ENTRY_SECONDS) {
      return invalid("ttl_secs", "ttl_secs must be 1 to " + LONGEST_ENTRY_SECONDS);
    }
    OptionalLong end = OptionalLong.of(ticker.epochMicros() + ttlSeconds * MICROS_A_SECOND);
    Wanted wanted = new Wanted("operator: " + reason.strip(), scopes, end);
    return issue(operator, namespace, wanted, end, "namespace.enter", origin);
  }

  /**
   * Revokes a key.
   *
   * @param cascade whether its descendants go with it
   * @return how many descendants were revoked along
   */
  public Outcome<Integer> revoke(Caller.Key caller, KeyId id, boolean cascade, Origin origin) {
    AuditEntry audit =
        audit(actor(caller), "key.revoke", "key", id.text(), origin)
            .after(new AuditText().with("cascade", Boolean.toString(cascade)).toString());
    Optional<List<KeyRecord>> revoked =
        index.change(() -> {
          Optional<List<KeyRecord>> ended =
              store.open(caller.grant()).revokeKey(id, cascade, audit);
          ended.ifPresent(keys -> keys.forEach(index::put));
          return ended;
        });
    if (revoked.isEmpty()) {
      return noSuchKey();
    }
    long others = revoked.get().stream().filter(key -> !key.id().equals(id)).count();
    return Outcome.done(Math.toIntExact(others));
  }

  private Outcome<Minted> issue(
      Caller.Operator operator,
      NamespaceId namespace,
      Wanted wanted,
      OptionalLong end,
      String action,
      Origin origin) {
    if (liveNamespace(operator, namespace).isEmpty()) {
      return noSuchNamespace();
    }
    NamespaceGrant grant = operator.grant().enter(namespace);
    return minter
        .mint(new Parent(grant, Optional.empty(), end), wanted)
        .then(minted -> keep(grant, minted, action, actor(operator), origin));
  }

  private Outcome<Minted> keep(
      NamespaceGrant grant, Minted minted, String action, Actor actor, Origin origin) {
    KeyRecord key = minted.key();
    AuditEntry audit =
        audit(actor, action, "key", key.id().text(), origin)
            .after(
                new AuditText()
                    .with("display_name", key.name())
                    .with("scopes", key.scopes().tokens())
                    .toString());
    boolean kept =
        index.change(() -> {
          boolean added = store.open(grant).addKey(key, Recorded.of(audit));
          if (added) {
            index.put(key);
          }
          return added;
        });
    return kept
        ? Outcome.done(minted)
        : Outcome.refused(
            Refusal.of(RefusalCode.CONFLICT, "the minting key or its namespace has just ended"));
  }

  private Optional<Namespace> liveNamespace(Caller.Operator operator, NamespaceId id) {
    return store.openNode(operator.grant()).namespace(id);
  }

  private KeyRecord withLastUse(KeyRecord key) {
    return index.lastUse(key).map(OptionalLong::of).map(key::withLastUse).orElse(key);
  }

  /** Who acts, in the words of the audit log. */
  record Actor(String kind, String id) {}

  static Actor actor(Caller caller) {
    return switch (caller) {
      case Caller.Key key -> new Actor("api_key", key.id());
      case Caller.Operator operator -> new Actor("operator", operator.id());
    };
  }

  private AuditEntry audit(
      Actor actor, String action, String targetKind, String targetId, Origin origin) {
    return new AuditEntry(
        ticker.epochMicros(),
        actor.kind(),
        actor.id(),
        action,
        targetKind,
        targetId,
        "",
        "",
        origin.ip(),
        origin.requestId());
  }

  private static <T> Outcome<T> noSuchKey() {
    return Outcome.refused(Refusal.of(RefusalCode.NOT_FOUND, "no such key"));
  }

  private static <T> Outcome<T> noSuchNamespace() {
    return Outcome.refused(Refusal.of(RefusalCode.NOT_FOUND, "no such namespace"));
  }

  private static <T> Outcome<T> invalid(String param, String message) {
    return Outcome.refused(Refusal.of(RefusalCode.INVALID_REQUEST, message).withParam(param));
  }
}
