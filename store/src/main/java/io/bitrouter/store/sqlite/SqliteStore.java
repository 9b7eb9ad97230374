package io.bitrouter.store.sqlite;

import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.store.AuditSigner;
import io.bitrouter.core.store.Changed;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.NamespaceView;
import io.bitrouter.core.store.NodeView;
import io.bitrouter.core.store.SpecCodec;
import io.bitrouter.core.store.StoreUnavailableException;
import java.util.function.Consumer;

/** Control data and usage questions on one SQLite file. Thread-safe. */
public final class SqliteStore implements ControlStore {

  /** The first version whose audit heads are signed. */
  private static final int SIGNED_HEADS = 2;

  private final SqliteDatabase database;
  private final Freshness freshness;
  private final SpecCodec specs;
  private final AuditLog auditLog;

  /**
   * A store on an open database, which it closes with itself. Audit heads of a store that has just
   * been migrated from before there were signatures are signed; at no other time is a head without
   * one accepted.
   *
   * @param freshness what usage questions wait for
   * @param specs how specs become text
   * @param signer signs heads of audit logs
   */
  public SqliteStore(
      SqliteDatabase database, Freshness freshness, SpecCodec specs, AuditSigner signer) {
    this.database = database;
    this.freshness = freshness;
    this.specs = specs;
    this.auditLog = new AuditLog(signer);
    if (database.versionFound() < SIGNED_HEADS) {
      database.write(handle -> {
        auditLog.signUnsigned(handle);
        return true;
      });
    }
  }

  @Override
  public NamespaceView open(NamespaceGrant grant) {
    return new SqliteNamespaceView(database, freshness, specs, auditLog, grant.namespace());
  }

  @Override
  public NodeView openNode(OperatorGrant grant) {
    return new SqliteNodeView(database, freshness, specs, auditLog, grant.reach());
  }

  @Override
  public void whenLate(Consumer<Changed> listener) {
    database.whenLate(listener);
  }

  @Override
  public boolean ready() {
    try {
      return database.read(handle ->
          handle.createQuery("SELECT count(*) FROM journal_position").mapTo(int.class).one() == 1);
    } catch (StoreUnavailableException e) {
      return false;
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
