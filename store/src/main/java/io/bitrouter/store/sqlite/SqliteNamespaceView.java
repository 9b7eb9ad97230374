package io.bitrouter.store.sqlite;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.KeyVerifier;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.AuditRow;
import io.bitrouter.core.store.Changed;
import io.bitrouter.core.store.KeptAnswer;
import io.bitrouter.core.store.NamespaceView;
import io.bitrouter.core.store.PolicyChange;
import io.bitrouter.core.store.Reconciliation;
import io.bitrouter.core.store.Recorded;
import io.bitrouter.core.store.RequestQuery;
import io.bitrouter.core.store.SpecCodec;
import io.bitrouter.core.store.StoredResponse;
import io.bitrouter.core.store.UsageQuery;
import io.bitrouter.core.store.UsageTotals;
import io.bitrouter.core.usage.RequestRow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** One namespace; its id comes from the grant and stands in every statement. */
final class SqliteNamespaceView implements NamespaceView {

  private static final Duration FRESHNESS_WAIT = Duration.ofSeconds(2);

  private final SqliteDatabase database;
  private final Freshness freshness;
  private final SpecCodec specs;
  private final AuditLog auditLog;
  private final NamespaceId namespace;

  SqliteNamespaceView(
      SqliteDatabase database,
      Freshness freshness,
      SpecCodec specs,
      AuditLog auditLog,
      NamespaceId namespace) {
    this.database = database;
    this.freshness = freshness;
    this.specs = specs;
    this.auditLog = auditLog;
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
  public boolean addKey(KeyRecord key, Recorded record) {
    if (!key.namespace().equals(namespace)) {
      throw new IllegalArgumentException("the key belongs to another namespace than the grant");
    }
    return change(handle -> {
      if (!KeySql.mayBeAdded(handle, key, record.audit().atMicros())) {
        return false;
      }
      KeySql.insert(handle, key, record.audit());
      write(handle, record);
      return true;
    });
  }

  @Override
  public Optional<List<KeyRecord>> revokeKey(KeyId id, boolean cascade, AuditEntry audit) {
    return change(handle -> {
      if (KeySql.one(handle, namespace, id).isEmpty()) {
        return Optional.empty();
      }
      List<KeyRecord> revoked = KeySql.revoke(handle, namespace, id, cascade, audit.atMicros());
      if (!revoked.isEmpty()) {
        auditLog.append(handle, namespace, audit);
      }
      return Optional.of(revoked);
    });
  }

  @Override
  public Optional<KeyRecord> rotateKey(KeyId id, List<KeyVerifier> verifiers, Recorded record) {
    return change(handle -> {
      long now = record.audit().atMicros();
      if (!KeySql.replaceVerifiers(handle, namespace, id, verifiers, now)) {
        return Optional.empty();
      }
      write(handle, record);
      return KeySql.one(handle, namespace, id);
    });
  }

  @Override
  public boolean changeRules(PolicyChange change, Recorded record) {
    return change(handle -> {
      if (NamespaceSql.live(handle, namespace).isEmpty()) {
        return false;
      }
      PolicySql.apply(handle, namespace, change, specs);
      write(handle, record);
      return true;
    });
  }

  @Override
  public boolean storeResponses(boolean on, AuditEntry audit) {
    return change(handle -> {
      if (!StoredResponseSql.allow(handle, namespace, on, audit.atMicros())) {
        return false;
      }
      auditLog.append(handle, namespace, audit);
      return true;
    });
  }

  @Override
  public void keepResponses(List<StoredResponse> responses, long mostBytes, int most) {
    database.write(handle -> {
      StoredResponseSql.keep(handle, namespace, responses);
      StoredResponseSql.trim(handle, namespace, mostBytes, most);
      return true;
    });
  }

  @Override
  public Optional<Long> responseBytes(String id, long nowMicros) {
    return database.read(handle -> StoredResponseSql.bytes(handle, namespace, id, nowMicros));
  }

  @Override
  public Optional<byte[]> response(String id, long nowMicros) {
    return database.read(handle -> StoredResponseSql.find(handle, namespace, id, nowMicros));
  }

  @Override
  public boolean forgetResponse(String id, long nowMicros) {
    return database.write(handle -> StoredResponseSql.delete(handle, namespace, id, nowMicros));
  }

  private <T> T change(SqlWork<T> work) {
    return database.change(new Changed.Namespace(namespace), work);
  }

  private void write(Handle handle, Recorded record) {
    KeptAnswerSql.insert(handle, namespace.text(), record.answer(), record.audit().atMicros());
    auditLog.append(handle, namespace, record.audit());
  }

  @Override
  public UsageTotals usage(UsageQuery query) {
    freshness.catchUp(FRESHNESS_WAIT);
    return database.read(handle -> UsageSql.totals(handle, namespace, query));
  }

  @Override
  public List<UsageQuery.Group> usage(UsageQuery query, UsageQuery.Grouping grouping) {
    freshness.catchUp(FRESHNESS_WAIT);
    return database.read(handle -> UsageGroups.of(handle, namespace, query, grouping));
  }

  @Override
  public List<RequestRow> requests(RequestQuery query) {
    if (query.limit() < 0 || query.offset() < 0) {
      throw new IllegalArgumentException("limit and offset must not be negative");
    }
    freshness.catchUp(FRESHNESS_WAIT);
    SqlWork<List<RequestRow>> page = handle -> RequestPage.read(handle, namespace, query);
    return RequestPage.walks(query) ? database.readLong(page) : database.read(page);
  }

  @Override
  public Optional<RequestRow> request(RequestId id) {
    freshness.catchUp(FRESHNESS_WAIT);
    return database.read(handle -> RequestSql.one(handle, namespace, id));
  }

  @Override
  public Optional<RequestRow> reconcile(Reconciliation change, AuditEntry audit) {
    freshness.catchUp(FRESHNESS_WAIT);
    return database.write(handle -> {
      if (!ReconcileSql.apply(handle, namespace, change)) {
        return Optional.empty();
      }
      auditLog.append(handle, namespace, audit);
      return RequestSql.one(handle, namespace, change.request());
    });
  }

  @Override
  public Optional<KeptAnswer> keptAnswer(String credentialId, byte[] nameHash, long nowMicros) {
    return database.read(
        handle -> KeptAnswerSql.find(handle, namespace.text(), credentialId, nameHash, nowMicros));
  }

  @Override
  public List<AuditRow> audit(int limit, long before) {
    return database.read(handle -> AuditLog.page(handle, namespace, limit, before));
  }

  @Override
  public AuditRow.Verdict verifyAudit() {
    return database.readLong(handle -> auditLog.verify(handle, namespace));
  }

  @Override
  public void audit(AuditEntry audit) {
    database.write(handle -> {
      auditLog.append(handle, namespace, audit);
      return true;
    });
  }
}
