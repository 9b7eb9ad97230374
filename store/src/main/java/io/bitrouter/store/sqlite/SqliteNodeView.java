package io.bitrouter.store.sqlite;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.OperatorRecord;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.Changed;
import io.bitrouter.core.store.KeptAnswer;
import io.bitrouter.core.store.NamespaceRules;
import io.bitrouter.core.store.NodeView;
import io.bitrouter.core.store.Recorded;
import io.bitrouter.core.store.SpecCodec;
import io.bitrouter.core.store.UsageQuery;
import io.bitrouter.core.usage.RequestRow;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** The namespaces that a grant reaches; what only the node may do takes a grant for all of them. */
final class SqliteNodeView implements NodeView {

  private static final Duration FRESHNESS_WAIT = Duration.ofSeconds(2);
  private static final int LAST_USES_PER_TRANSACTION = 2_000;

  private final SqliteDatabase database;
  private final Freshness freshness;
  private final SpecCodec specs;
  private final AuditLog auditLog;
  private final Reach reach;

  SqliteNodeView(
      SqliteDatabase database,
      Freshness freshness,
      SpecCodec specs,
      AuditLog auditLog,
      Reach reach) {
    this.database = database;
    this.freshness = freshness;
    this.specs = specs;
    this.auditLog = auditLog;
    this.reach = reach;
  }

  @Override
  public List<Namespace> namespaces() {
    return database.read(NamespaceSql::allLive).stream()
        .filter(each -> reach.covers(each.id()))
        .toList();
  }

  @Override
  public Optional<Namespace> namespace(NamespaceId id) {
    return database.read(handle -> reachable(handle, id));
  }

  private Optional<Namespace> reachable(Handle handle, NamespaceId id) {
    return reach.covers(id) ? NamespaceSql.live(handle, id) : Optional.empty();
  }

  @Override
  public Named createNamespace(Namespace namespace, Recorded record) {
    if (!reach.covers(namespace.id())) {
      throw new IllegalArgumentException("the grant does not reach the new namespace");
    }
    return database.change(
        new Changed.Namespace(namespace.id()),
        handle -> {
          if (NamespaceSql.liveByName(handle, namespace.ownerId(), namespace.name()).isPresent()) {
            return new Named.NameTaken();
          }
          NamespaceSql.insert(handle, namespace);
          KeptAnswerSql.insert(
              handle, KeptAnswerSql.NODE, record.answer(), record.audit().atMicros());
          auditLog.append(handle, namespace.id(), record.audit());
          return new Named.Ok(namespace);
        });
  }

  @Override
  public Named renameNamespace(NamespaceId id, String name, AuditEntry audit) {
    return database.write(handle -> {
      Optional<Namespace> found = reachable(handle, id);
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
      auditLog.append(handle, id, audit);
      return new Named.Ok(new Namespace(id, old.ownerId(), name, old.createdAtMicros()));
    });
  }

  @Override
  public Deleted deleteNamespace(NamespaceId id, AuditEntry audit) {
    return database.change(
        new Changed.Namespace(id),
        handle -> {
          Optional<Namespace> found = reachable(handle, id);
          if (found.isEmpty()) {
            return new Deleted.Unknown();
          }
          if (NamespaceSql.liveCount(handle, found.get().ownerId()) == 1) {
            return new Deleted.LastOne();
          }
          List<KeyRecord> keys = KeySql.all(handle, id);
          KeySql.deleteAll(handle, id);
          PolicySql.deleteAll(handle, id);
          KeptAnswerSql.deleteAll(handle, id.text());
          StoredResponseSql.deleteAll(handle, id);
          NamespaceSql.markDeleted(handle, id, audit.atMicros());
          auditLog.append(handle, id, audit);
          return new Deleted.Ok(keys);
        });
  }

  @Override
  public boolean suspendNamespace(NamespaceId id, boolean suspended, AuditEntry audit) {
    return database.change(
        new Changed.Namespace(id),
        handle -> {
          if (reachable(handle, id).isEmpty()) {
            return false;
          }
          OptionalLong since = suspended ? OptionalLong.of(audit.atMicros()) : OptionalLong.empty();
          if (NamespaceSql.suspend(handle, id, since)) {
            auditLog.append(handle, id, audit);
          }
          return true;
        });
  }

  @Override
  public void forEachRules(Consumer<NamespaceRules> consumer) {
    walk(handle -> PolicySql.everyLive(handle, specs, consumer));
  }

  @Override
  public void forEachSpend(long firstSlot, SpendConsumer consumer) {
    freshness.catchUp(FRESHNESS_WAIT);
    walk(handle -> KeyTotalSql.spend(handle, firstSlot, consumer));
  }

  @Override
  public void forEachKey(Consumer<KeyRecord> consumer) {
    walk(handle -> KeySql.everyLive(handle, consumer));
  }

  @Override
  public void forEachKeyTotal(KeyTotalConsumer consumer) {
    walk(handle -> KeyTotalSql.every(handle, consumer));
  }

  private interface Walk {
    void over(Handle handle) throws SQLException;
  }

  /** Goes over whole tables, which only a grant for everything may. */
  private void walk(Walk walk) {
    wholeNode();
    database.readLong(handle -> {
      walk.over(handle);
      return true;
    });
  }

  private void wholeNode() {
    if (!reach.covers(new Reach.Everything())) {
      throw new IllegalArgumentException("only a grant for every namespace may do this");
    }
  }

  @Override
  public List<RequestRow> indeterminate(long beforeMicros) {
    freshness.catchUp(FRESHNESS_WAIT);
    return database.read(handle -> RequestSql.indeterminate(handle, beforeMicros, reach));
  }

  @Override
  public void storeLastUse(Map<NamespaceId, Map<KeyId, Long>> lastUses) {
    wholeNode();
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
  public void forgetOldResponses(long nowMicros) {
    wholeNode();
    database.write(handle -> {
      StoredResponseSql.expire(handle, nowMicros);
      return true;
    });
  }

  @Override
  public List<NamespaceUsage> usageByNamespace(long fromMicros, long toMicros) {
    freshness.catchUp(FRESHNESS_WAIT);
    UsageQuery query = UsageQuery.of(fromMicros, toMicros);
    return database.read(handle -> UsageSql.byNamespace(handle, query, reach));
  }

  @Override
  public List<OperatorRecord> operators() {
    return database.read(OperatorSql::all).stream()
        .filter(each -> reach.covers(each.reach()))
        .toList();
  }

  @Override
  public boolean addOperator(OperatorRecord operator, Optional<KeptAnswer> answer) {
    if (!reach.covers(operator.reach())) {
      throw new IllegalArgumentException("the new credential would reach further than the grant");
    }
    return database.change(
        new Changed.Operators(),
        handle -> {
          long now = operator.createdAtMicros();
          if (operator.issuer().isPresent()
              && OperatorSql.one(handle, operator.issuer().get())
                  .filter(issuer -> issuer.alive(now))
                  .isEmpty()) {
            return false;
          }
          OperatorSql.insert(handle, operator);
          KeptAnswerSql.insert(handle, KeptAnswerSql.NODE, answer, now);
          return true;
        });
  }

  @Override
  public Optional<List<OperatorRecord>> revokeOperator(String id, long atMicros) {
    return database.change(
        new Changed.Operators(),
        handle -> {
          boolean reachable =
              OperatorSql.one(handle, id).filter(each -> reach.covers(each.reach())).isPresent();
          return reachable
              ? Optional.of(OperatorSql.revoke(handle, id, atMicros))
              : Optional.empty();
        });
  }

  @Override
  public Optional<KeptAnswer> keptAnswer(String credentialId, byte[] nameHash, long nowMicros) {
    return database.read(handle ->
        KeptAnswerSql.find(handle, KeptAnswerSql.NODE, credentialId, nameHash, nowMicros));
  }
}
