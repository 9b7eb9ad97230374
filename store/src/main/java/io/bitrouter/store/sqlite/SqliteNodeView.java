package io.bitrouter.store.sqlite;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.OperatorRecord;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.NodeView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** All namespaces. */
final class SqliteNodeView implements NodeView {

  private static final Duration FRESHNESS_WAIT = Duration.ofSeconds(2);
  private static final int LAST_USES_PER_TRANSACTION = 2_000;

  private final SqliteDatabase database;
  private final Freshness freshness;

  SqliteNodeView(SqliteDatabase database, Freshness freshness) {
    this.database = database;
    this.freshness = freshness;
  }

  @Override
  public List<Namespace> namespaces() {
    return database.read(NamespaceSql::allLive);
  }

  @Override
  public Optional<Namespace> namespace(NamespaceId id) {
    return database.read(handle -> NamespaceSql.live(handle, id));
  }

  @Override
  public Named createNamespace(Namespace namespace, AuditEntry audit) {
    return database.write(handle -> {
      if (NamespaceSql.liveByName(handle, namespace.ownerId(), namespace.name()).isPresent()) {
        return new Named.NameTaken();
      }
      NamespaceSql.insert(handle, namespace);
      AuditLog.append(handle, namespace.id(), audit);
      return new Named.Ok(namespace);
    });
  }

  @Override
  public Named renameNamespace(NamespaceId id, String name, AuditEntry audit) {
    return database.write(handle -> {
      Optional<Namespace> found = NamespaceSql.live(handle, id);
      if (found.isEmpty()) {
        return new Named.Unknown();
      }
      Namespace old = found.get();
      if (old.name().equals(name)) {
        return new Named.Ok(old);
      }
      if (NamespaceSql.liveByName(handle, old.ownerId(), name).isPresent()) {
        return new Named.NameTaken();
      }
      NamespaceSql.rename(handle, id, name);
      AuditLog.append(handle, id, audit);
      return new Named.Ok(new Namespace(id, old.ownerId(), name, old.createdAtMicros()));
    });
  }

  @Override
  public Deleted deleteNamespace(NamespaceId id, AuditEntry audit) {
    return database.write(handle -> {
      Optional<Namespace> found = NamespaceSql.live(handle, id);
      if (found.isEmpty()) {
        return new Deleted.Unknown();
      }
      if (NamespaceSql.liveCount(handle, found.get().ownerId()) == 1) {
        return new Deleted.LastOne();
      }
      List<KeyRecord> keys = KeySql.all(handle, id);
      KeySql.deleteAll(handle, id);
      NamespaceSql.markDeleted(handle, id, audit.atMicros());
      AuditLog.append(handle, id, audit);
      return new Deleted.Ok(keys);
    });
  }

  @Override
  public void forEachKey(Consumer<KeyRecord> consumer) {
    database.readLong(handle -> {
      KeySql.everyLive(handle, consumer);
      return true;
    });
  }

  @Override
  public void forEachKeyTotal(KeyTotalConsumer consumer) {
    database.readLong(handle -> {
      KeyTotalSql.every(handle, consumer);
      return true;
    });
  }

  @Override
  public void storeLastUse(Map<NamespaceId, Map<KeyId, Long>> lastUses) {
    List<KeySql.LastUse> part = new ArrayList<>();
    for (Map.Entry<NamespaceId, Map<KeyId, Long>> one : lastUses.entrySet()) {
      for (Map.Entry<KeyId, Long> use : one.getValue().entrySet()) {
        part.add(new KeySql.LastUse(one.getKey(), use.getKey(), use.getValue()));
        if (part.size() == LAST_USES_PER_TRANSACTION) {
          store(part);
          part = new ArrayList<>();
        }
      }
    }
    if (!part.isEmpty()) {
      store(part);
    }
  }

  private void store(List<KeySql.LastUse> uses) {
    database.write(handle -> {
      KeySql.touch(handle, uses);
      return true;
    });
  }

  @Override
  public List<NamespaceUsage> usageByNamespace(long fromMicros, long toMicros) {
    freshness.catchUp(FRESHNESS_WAIT);
    return database.read(handle -> UsageSql.byNamespace(handle, fromMicros, toMicros));
  }

  @Override
  public List<OperatorRecord> operators() {
    return database.read(OperatorSql::all);
  }

  @Override
  public void addOperator(OperatorRecord operator) {
    database.write(handle -> {
      OperatorSql.insert(handle, operator);
      return true;
    });
  }
}
