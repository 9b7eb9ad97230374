package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.KeyVerifier;
import io.bitrouter.core.credential.OperatorRecord;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.credential.Scope;
import io.bitrouter.core.credential.ScopeSet;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.NodeView;
import io.bitrouter.core.store.Recorded;
import io.bitrouter.core.store.StoreUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the control store promises. */
class ControlStoreTest {

  private static final long NOW = ControlWorld.NOW;

  @TempDir private Path folder;
  private ControlWorld world;

  @BeforeEach
  void open() {
    world = new ControlWorld(folder);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void namesAreUniqueAmongLiveNamespacesAndFreeAfterDeletion() {
    Namespace first = world.namespace("team");
    Namespace second = world.namespace("other");
    assertThat(world.node.createNamespace(copy(second, "team"), recorded("namespace.create")))
        .isEqualTo(new NodeView.Named.NameTaken());
    assertThat(world.node.renameNamespace(second.id(), "team", audit("namespace.rename")))
        .isEqualTo(new NodeView.Named.NameTaken());
    assertThat(world.node.renameNamespace(second.id(), "other", audit("namespace.rename")))
        .isEqualTo(new NodeView.Named.Ok(second));
    assertThat(world.node.deleteNamespace(first.id(), audit("namespace.delete")))
        .isEqualTo(new NodeView.Deleted.Ok(List.of()));
    assertThat(world.node.renameNamespace(second.id(), "team", audit("namespace.rename")))
        .isEqualTo(new NodeView.Named.Ok(copy(second, "team")));
    assertThat(world.node.renameNamespace(first.id(), "x", audit("namespace.rename")))
        .isEqualTo(new NodeView.Named.Unknown());
  }

  @Test
  void listsLiveNamespacesOldestFirst() {
    List<Namespace> made = new ArrayList<>();
    for (String name : List.of("c", "a", "b", "gone")) {
      made.add(world.namespace(name));
    }
    Namespace gone = made.removeLast();
    world.node.deleteNamespace(gone.id(), audit("namespace.delete"));
    made.sort((x, y) -> Long.compare(x.createdAtMicros(), y.createdAtMicros()));
    assertThat(world.node.namespaces()).isEqualTo(made);
    assertThat(world.node.namespace(gone.id())).isEmpty();
    assertThat(world.view(gone.id()).namespace()).isEmpty();
    assertThat(world.node.namespace(made.getFirst().id())).contains(made.getFirst());
  }

  @Test
  void theLastNamespaceStays() {
    Namespace only = world.namespace("default");
    assertThat(world.node.deleteNamespace(only.id(), audit("namespace.delete")))
        .isEqualTo(new NodeView.Deleted.LastOne());
    assertThat(world.node.deleteNamespace(new NamespaceId("ns_x"), audit("namespace.delete")))
        .isEqualTo(new NodeView.Deleted.Unknown());
    assertThat(world.node.namespaces()).containsExactly(only);
  }

  @Test
  void deletingTakesKeysAndVerifiersAlong() {
    Namespace kept = world.namespace("kept");
    Namespace gone = world.namespace("gone");
    KeyRecord survivor = world.stored(kept.id(), "k", Optional.empty());
    KeyRecord root = world.stored(gone.id(), "k", Optional.empty());
    KeyRecord child = world.stored(gone.id(), "child", Optional.of(root));
    NodeView.Deleted deleted = world.node.deleteNamespace(gone.id(), audit("namespace.delete"));
    assertThat(deleted).isInstanceOf(NodeView.Deleted.Ok.class);
    assertThat(ids(((NodeView.Deleted.Ok) deleted).keys()))
        .containsExactlyInAnyOrder(root.id(), child.id());
    List<KeyRecord> left = new ArrayList<>();
    world.node.forEachKey(left::add);
    assertThat(ids(left)).containsExactly(survivor.id());
    assertThat(world.view(gone.id()).keys()).isEmpty();
    assertThat(count("SELECT count(*) FROM key_verifier")).isEqualTo(1);
    KeyRecord late = world.key(gone.id(), "late", Optional.empty());
    assertThat(world.view(gone.id()).addKey(late, recorded("key.mint"))).isFalse();
  }

  @Test
  void aKeyComesBackAsItWasStored() {
    Namespace namespace = world.namespace("a");
    KeyRecord root = world.stored(namespace.id(), "root", Optional.empty());
    KeyRecord plain = world.key(namespace.id(), "söme \"name\" 🚀", Optional.of(root));
    KeyRecord full =
        new KeyRecord(
            plain.namespace(),
            plain.id(),
            plain.name(),
            plain.scopes(),
            plain.ancestors(),
            plain.createdAtMicros(),
            OptionalLong.of(NOW + 5),
            OptionalLong.of(NOW + 6),
            OptionalLong.of(NOW + 7),
            List.of(
                plain.verifiers().getFirst(),
                new KeyVerifier("second", new byte[] {1, 2}, "p2", OptionalLong.of(NOW + 8))));
    assertThat(world.view(namespace.id()).addKey(full, recorded("key.mint"))).isTrue();
    assertThat(world.view(namespace.id()).key(full.id()))
        .get()
        .usingRecursiveComparison()
        .isEqualTo(full);
    List<KeyRecord> all = new ArrayList<>();
    world.node.forEachKey(all::add);
    assertThat(all).hasSize(2).anySatisfy(k -> assertThat(k.verifiers()).hasSize(2));
  }

  @Test
  void aKeyNeedsALivingParentOfItsOwnNamespace() {
    Namespace here = world.namespace("here");
    Namespace there = world.namespace("there");
    KeyRecord foreign = world.stored(there.id(), "f", Optional.empty());
    KeyRecord revoked = world.stored(here.id(), "r", Optional.empty());
    world.view(here.id()).revokeKey(revoked.id(), true, audit("key.revoke"));
    KeyRecord expired = expiring(world.key(here.id(), "e", Optional.empty()), NOW);
    world.view(here.id()).addKey(expired, recorded("key.mint"));
    for (KeyRecord parent : List.of(foreign, revoked, expired)) {
      KeyRecord child = world.key(here.id(), "child", Optional.of(parent));
      assertThat(world.view(here.id()).addKey(child, recorded("key.mint"))).isFalse();
      assertThat(world.view(here.id()).key(child.id())).isEmpty();
    }
    KeyRecord stray = world.key(there.id(), "x", Optional.empty());
    assertThatThrownBy(() -> world.view(here.id()).addKey(stray, recorded("key.mint")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void revokingTakesLivingDescendantsAlong() {
    Namespace namespace = world.namespace("a");
    KeyRecord root = world.stored(namespace.id(), "root", Optional.empty());
    KeyRecord middle = world.stored(namespace.id(), "middle", Optional.of(root));
    KeyRecord leaf = world.stored(namespace.id(), "leaf", Optional.of(middle));
    KeyRecord other = world.stored(namespace.id(), "other", Optional.empty());
    var view = world.view(namespace.id());
    assertThat(ids(view.revokeKey(middle.id(), false, audit("key.revoke")).orElseThrow()))
        .containsExactly(middle.id());
    assertThat(view.key(leaf.id()).orElseThrow().revokedAtMicros()).isEmpty();
    List<KeyRecord> revoked = view.revokeKey(root.id(), true, audit("key.revoke")).orElseThrow();
    assertThat(ids(revoked)).containsExactly(root.id(), leaf.id());
    assertThat(revoked).allMatch(key -> key.revokedAtMicros().equals(OptionalLong.of(NOW)));
    assertThat(view.key(other.id()).orElseThrow().revokedAtMicros()).isEmpty();
    long audits = count("SELECT count(*) FROM audit");
    assertThat(view.revokeKey(root.id(), true, audit("key.revoke"))).contains(List.of());
    assertThat(count("SELECT count(*) FROM audit")).isEqualTo(audits);
    assertThat(view.revokeKey(new KeyId("key_none"), true, audit("key.revoke"))).isEmpty();
  }

  @Test
  void namespacesWithEqualNamesAndLabelsNeverSeeEachOther() {
    Namespace a = world.namespace("a");
    Namespace b = world.namespace("b");
    KeyRecord ofA = world.stored(a.id(), "same", Optional.empty());
    KeyRecord ofB = world.stored(b.id(), "same", Optional.empty());
    assertThat(ids(world.view(a.id()).keys())).containsExactly(ofA.id());
    assertThat(ids(world.view(b.id()).keys())).containsExactly(ofB.id());
    assertThat(world.view(a.id()).key(ofB.id())).isEmpty();
    assertThat(world.view(a.id()).revokeKey(ofB.id(), true, audit("key.revoke"))).isEmpty();
    world.node.storeLastUse(Map.of(a.id(), Map.of(ofB.id(), NOW)));
    assertThat(world.view(b.id()).key(ofB.id()).orElseThrow().lastUsedAtMicros()).isEmpty();
    assertThat(world.view(b.id()).key(ofB.id()).orElseThrow().revokedAtMicros()).isEmpty();
  }

  @Test
  void lastUsesOnlyMoveForward() {
    Namespace a = world.namespace("a");
    KeyRecord key = world.stored(a.id(), "k", Optional.empty());
    for (long at : new long[] {50, 70, 60}) {
      world.node.storeLastUse(Map.of(a.id(), Map.of(key.id(), at)));
    }
    assertThat(world.view(a.id()).key(key.id()).orElseThrow().lastUsedAtMicros()).hasValue(70);
    Map<KeyId, Long> many = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      many.put(new KeyId("key_" + i), 1L);
    }
    many.put(key.id(), 90L);
    world.node.storeLastUse(Map.of(a.id(), many));
    assertThat(world.view(a.id()).key(key.id()).orElseThrow().lastUsedAtMicros()).hasValue(90);
  }

  @Test
  void operatorsComeBackAsTheyWereStored() {
    OperatorRecord operator =
        new OperatorRecord(
            "opr_1",
            "root",
            ScopeSet.of(Scope.OF_AN_OPERATOR),
            new Reach.Everything(),
            Optional.empty(),
            NOW,
            OptionalLong.of(NOW + 1),
            OptionalLong.empty(),
            new KeyVerifier("tok", new byte[] {3}, "p1", OptionalLong.of(4)));
    world.node.addOperator(operator, Optional.empty());
    assertThat(world.node.operators())
        .singleElement()
        .usingRecursiveComparison()
        .isEqualTo(operator);
  }

  @Test
  void anotherProcessWithTheLockMakesWritesUnavailableAndReadsGoOn() throws Exception {
    Namespace a = world.namespace("a");
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      assertThatThrownBy(() -> world.namespace("b"))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("locked");
      assertThat(world.node.namespaces()).containsExactly(a);
      assertThat(world.store.ready()).isTrue();
      statement.execute("ROLLBACK");
    }
    world.namespace("b");
    assertThat(world.node.namespaces()).hasSize(2);
  }

  @Test
  void reopeningFindsEverythingAndTheFileIsTheOwnersAlone() throws Exception {
    Namespace a = world.namespace("a");
    KeyRecord key = world.stored(a.id(), "k", Optional.empty());
    world.close();
    world = new ControlWorld(folder);
    assertThat(world.node.namespaces()).containsExactly(a);
    assertThat(ids(world.view(a.id()).keys())).containsExactly(key.id());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void aNewerSchemaIsRefused() throws Exception {
    world.close();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement()) {
      statement.execute(
          "INSERT INTO flyway_schema_history SELECT installed_rank + 1, '999', description, type,"
              + " script, checksum, installed_by, installed_on, execution_time, success FROM"
              + " flyway_schema_history ORDER BY installed_rank DESC LIMIT 1");
    }
    assertThatThrownBy(() -> SqliteDatabase.open(file()))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("999");
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement()) {
      statement.execute("DELETE FROM flyway_schema_history WHERE version = '999'");
    }
    world = new ControlWorld(folder);
  }

  @Test
  void aClosedStoreSaysSo() {
    world.close();
    assertThat(world.store.ready()).isFalse();
    assertThatThrownBy(() -> world.node.namespaces())
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("closed");
  }

  private Path file() {
    return folder.resolve("bitrouter.db");
  }

  private long count(String sql) {
    return world.database.read(handle -> handle.createQuery(sql).mapTo(long.class).one());
  }

  private Recorded recorded(String action) {
    return Recorded.of(audit(action));
  }

  private AuditEntry audit(String action) {
    return world.audit(action, "target", NOW);
  }

  private static Namespace copy(Namespace namespace, String name) {
    return new Namespace(namespace.id(), namespace.ownerId(), name, namespace.createdAtMicros());
  }

  private static KeyRecord expiring(KeyRecord key, long at) {
    return new KeyRecord(
        key.namespace(),
        key.id(),
        key.name(),
        key.scopes(),
        key.ancestors(),
        key.createdAtMicros(),
        OptionalLong.of(at),
        key.revokedAtMicros(),
        key.lastUsedAtMicros(),
        key.verifiers());
  }

  private static List<KeyId> ids(List<KeyRecord> keys) {
    return keys.stream().map(KeyRecord::id).toList();
  }
}
