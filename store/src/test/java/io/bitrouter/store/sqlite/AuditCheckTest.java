package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.store.AuditRow;
import io.bitrouter.core.store.AuditRow.Head;
import io.bitrouter.store.TestSigner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is done to a log is found, and the row is named. */
class AuditCheckTest {

  @TempDir private Path folder;

  @Test
  void whatWasFlippedDroppedReorderedOrForgedIsNamed() {
    new AuditTampering(folder, (world, id) -> world.view(id).verifyAudit()).all();
  }

  @Test
  void rowsAreReadInPagesNewestFirstWithTheirHashes() {
    try (ControlWorld world = new ControlWorld(folder)) {
      Namespace one = world.namespace("one");
      for (int i = 2; i <= 9; i++) {
        world.view(one.id()).audit(world.audit("thing.change", "target" + i, i));
      }
      List<AuditRow> first = world.view(one.id()).audit(5, Long.MAX_VALUE);
      List<AuditRow> second = world.view(one.id()).audit(5, first.getLast().seq());
      assertThat(first).extracting(AuditRow::seq).containsExactly(9L, 8L, 7L, 6L, 5L);
      assertThat(second).extracting(AuditRow::seq).containsExactly(4L, 3L, 2L, 1L);
      assertThat(second.getLast().previousHash()).isEqualTo(AuditChain.genesis(one.id()));
      assertThat(first.getFirst().entry().targetId()).isEqualTo("target9");
      Head head = world.view(one.id()).verifyAudit().head();
      assertThat(head.seq()).isEqualTo(9);
      assertThat(head.hash()).isEqualTo(first.getFirst().hash());
      byte[] message = AuditChain.headMessage(one.id(), 9, head.hash());
      assertThat(new String(message, 0, one.id().text().length() + 3, StandardCharsets.US_ASCII))
          .isEqualTo(one.id().text() + "\0" + "9\0");
      assertThat(TestSigner.NODE.verifies(message, head.signature())).isTrue();
    }
  }

  @Test
  void aLogCutTogetherWithItsHeadIsWholeAndOlderThanTheHeadThatWasKept() {
    try (ControlWorld world = new ControlWorld(folder)) {
      Namespace one = world.namespace("one");
      Head before = world.view(one.id()).verifyAudit().head();
      world.view(one.id()).audit(world.audit("thing.change", "x", 2));
      Head exported = world.view(one.id()).verifyAudit().head();
      world.database.write(handle ->
          handle.execute(
              "UPDATE audit_head SET seq = 1, hash = ?, sig = ?",
              before.hash(),
              before.signature()));
      world.database.write(handle -> handle.execute("DELETE FROM audit WHERE seq = 2"));
      AuditRow.Verdict verdict = world.view(one.id()).verifyAudit();
      assertThat(verdict.ok()).isTrue();
      assertThat(verdict.head().seq()).isLessThan(exported.seq());
    }
  }
}
