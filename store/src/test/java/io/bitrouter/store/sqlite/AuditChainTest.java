package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chain of audit rows can be computed again, and shows what was changed. */
class AuditChainTest {

  private record Link(long seq, AuditEntry entry, byte[] previous, byte[] hash) {}

  @TempDir private Path folder;

  @Test
  void everyChangeIsALinkAndTheHeadIsTheLast() {
    try (ControlWorld world = new ControlWorld(folder)) {
      Namespace a = world.namespace("a");
      Namespace b = world.namespace("b");
      KeyRecord key = world.stored(a.id(), "k", Optional.empty());
      world.stored(b.id(), "k", Optional.empty());
      world.node.renameNamespace(a.id(), "c", world.audit("namespace.rename", "x", 5));
      world.view(a.id()).revokeKey(key.id(), true, world.audit("key.revoke", key.id().text(), 6));
      assertThat(links(world, a.id()))
          .extracting(link -> link.entry().action())
          .containsExactly("namespace.create", "key.mint", "namespace.rename", "key.revoke");
      for (Namespace each : List.of(a, b)) {
        assertThat(firstBroken(each.id(), links(world, each.id()))).isEmpty();
        assertThat(head(world, each.id())).isEqualTo(links(world, each.id()).getLast().hash());
      }
      world.database.write(handle ->
          handle.execute(
              "UPDATE audit SET ip = '10.0.0.1' WHERE seq = 2 AND namespace_id = ?",
              a.id().text()));
      assertThat(firstBroken(a.id(), links(world, a.id()))).contains(2L);
      assertThat(firstBroken(b.id(), links(world, a.id()))).contains(1L);
    }
  }

  private static Optional<Long> firstBroken(NamespaceId namespace, List<Link> links) {
    byte[] previous = AuditChain.genesis(namespace);
    long seq = 0;
    for (Link link : links) {
      seq++;
      boolean whole =
          link.seq() == seq
              && Arrays.equals(link.previous(), previous)
              && Arrays.equals(link.hash(), AuditChain.hash(seq, link.entry(), previous));
      if (!whole) {
        return Optional.of(seq);
      }
      previous = link.hash();
    }
    return Optional.empty();
  }

  private static byte[] head(ControlWorld world, NamespaceId namespace) {
    return world.database.read(handle ->
        handle
            .createQuery("SELECT hash FROM audit_head WHERE namespace_id = :ns")
            .bind("ns", namespace.text())
            .map((rows, context) -> rows.getBytes(1))
            .one());
  }

  private static List<Link> links(ControlWorld world, NamespaceId namespace) {
    return world.database.read(handle ->
        handle
            .createQuery("SELECT * FROM audit WHERE namespace_id = :ns ORDER BY seq")
            .bind("ns", namespace.text())
            .map((rows, context) ->
                new Link(
                    rows.getLong("seq"),
                    new AuditEntry(
                        rows.getLong("at"),
                        rows.getString("actor_kind"),
                        rows.getString("actor_id"),
                        rows.getString("action"),
                        rows.getString("target_kind"),
                        rows.getString("target_id"),
                        rows.getString("state_before"),
                        rows.getString("state_after"),
                        rows.getString("ip"),
                        RequestId.parse(rows.getString("request_id")).orElseThrow()),
                    rows.getBytes("prev_hash"),
                    rows.getBytes("hash")))
            .list());
  }
}
