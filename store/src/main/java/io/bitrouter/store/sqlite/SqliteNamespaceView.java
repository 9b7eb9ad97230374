package io.bitrouter.store.sqlite;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.NamespaceView;
import io.bitrouter.core.store.UsageTotals;
import io.bitrouter.core.usage.RequestRow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One namespace; its id comes from the grant and stands in every statement. */
final class SqliteNamespaceView implements NamespaceView {

  private static final Duration FRESHNESS_WAIT = Duration.ofSeconds(2);

  private final SqliteDatabase database;
  private final Freshness freshness;
  private final NamespaceId namespace;

  SqliteNamespaceView(SqliteDatabase database, Freshness freshness, NamespaceId namespace) {
    this.database = database;
    this.freshness = freshness;
    this.namespace = namespace;
  }

  @Override
  public Optional<Namespace> namespace() {
    return database.read(handle -> NamespaceSql.live(handle, namespace));
  }

  @Override
  public List<KeyRecord> keys() {
    return database.read(handle -> KeySql.all(handle, namespace));
  }

  @Override
  public Optional<KeyRecord> key(KeyId id) {
    return database.read(handle -> KeySql.one(handle, namespace, id));
  }

  @Override
  public boolean addKey(KeyRecord key, AuditEntry audit) {
    if (!key.namespace().equals(namespace)) {
      throw new IllegalArgumentException("the key belongs to another namespace than the grant");
    }
    return database.write(handle -> {
      if (!KeySql.mayBeAdded(handle, key, audit.atMicros())) {
        return false;
      }
      KeySql.insert(handle, key, audit);
      AuditLog.append(handle, namespace, audit);
      return true;
    });
  }

  @Override
  public Optional<List<KeyRecord>> revokeKey(KeyId id, boolean cascade, AuditEntry audit) {
    return database.write(handle -> {
      if (KeySql.one(handle, namespace, id).isEmpty()) {
        return Optional.empty();
      }
      List<KeyRecord> revoked = KeySql.revoke(handle, namespace, id, cascade, audit.atMicros());
      if (!revoked.isEmpty()) {
        AuditLog.append(handle, namespace, audit);
      }
      return Optional.of(revoked);
    });
  }

  @Override
  public UsageTotals usage(long fromMicros, long toMicros) {
    freshness.catchUp(FRESHNESS_WAIT);
    return database.read(handle -> UsageSql.totals(handle, namespace, fromMicros, toMicros));
  }

  @Override
  public List<RequestRow> requests(int limit, long offset) {
    if (limit < 0 || offset < 0) {
      throw new IllegalArgumentException("limit and offset must not be negative");
    }
    freshness.catchUp(FRESHNESS_WAIT);
    return database.read(handle -> RequestSql.page(handle, namespace, limit, offset));
  }
}
