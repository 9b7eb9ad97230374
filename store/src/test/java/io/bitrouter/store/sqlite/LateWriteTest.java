package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.Changed;
import io.bitrouter.core.store.NamespaceView;
import io.bitrouter.core.store.StoreInDoubtException;
import io.bitrouter.store.TestSigner;
import io.bitrouter.store.TestSpecs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

/** A commit that takes longer than anybody waits. */
class LateWriteTest {

  private static final OperatorGrant NODE = OperatorGrant.ofTheNodeItself();

  @TempDir private Path folder;
  private final CountDownLatch disk = new CountDownLatch(1);
  private volatile boolean slow;

  @Test
  void aChangeThatIsStoredAfterItsCallerGaveUpIsToldOf() throws Exception {
    ControlWorld world = new ControlWorld(folder);
    Namespace here = world.namespace("here");
    KeyRecord key = world.stored(here.id(), "key", Optional.empty());
    AuditEntry audit = world.audit("key.revoke", key.id().text(), ControlWorld.NOW);
    world.close();

    SqliteDatabase database =
        SqliteDatabase.open(folder.resolve("bitrouter.db"), Duration.ofMillis(300));
    BlockingQueue<Changed> told = new LinkedBlockingQueue<>();
    try (SqliteStore store =
        new SqliteStore(database, Freshness.AS_IS, TestSpecs.CODEC, TestSigner.NODE)) {
      store.whenLate(told::add);
      database.write(handle -> {
        handle.getConnection().unwrap(SQLiteConnection.class).addCommitListener(new SlowDisk());
        return true;
      });
      NamespaceView view = store.open(NODE.enter(here.id()));
      slow = true;
      assertThatThrownBy(() -> view.revokeKey(key.id(), true, audit))
          .isInstanceOf(StoreInDoubtException.class)
          .hasMessageContaining("did not finish a commit in time");
      assertThat(told).isEmpty();
      disk.countDown();
      assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(new Changed.Namespace(here.id()));
      assertThat(view.key(key.id()).orElseThrow().revokedAtMicros()).hasValue(ControlWorld.NOW);
    }
  }

  private final class SlowDisk implements SQLiteCommitListener {
    @Override
    public void onCommit() {
      try {
        if (slow && !disk.await(30, TimeUnit.SECONDS)) {
          throw new IllegalStateException("never let go");
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void onRollback() {}
  }
}
