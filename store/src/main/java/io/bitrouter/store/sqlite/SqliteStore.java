package io.bitrouter.store.sqlite;

import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.NamespaceView;
import io.bitrouter.core.store.NodeView;
import io.bitrouter.core.store.StoreUnavailableException;

/** Control data and usage questions on one SQLite file. Thread-safe. */
public final class SqliteStore implements ControlStore {

  private final SqliteDatabase database;
  private final Freshness freshness;

  /**
   * A store on an open database, which it closes with itself.
   *
   * @param freshness what usage questions wait for
   */
  public SqliteStore(SqliteDatabase database, Freshness freshness) {
    this.database = database;
    this.freshness = freshness;
  }

  @Override
  public NamespaceView open(NamespaceGrant grant) {
    return new SqliteNamespaceView(database, freshness, grant.namespace());
  }

  @Override
  public NodeView openNode(OperatorGrant grant) {
    return new SqliteNodeView(database, freshness);
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
