package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.store.AuditRow.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCheckCanFailTest {

  @TempDir private Path folder;

  @Test
  void aCheckThatIsSwitchedOffIsNoticed() {
    var off =
        new AuditTampering(
            folder,
            (world, id) -> {
              Verdict verdict = world.view(id).verifyAudit();
              return new Verdict(verdict.rows(), 0, "", verdict.head());
            });
    assertThatThrownBy(off::all).isInstanceOf(AssertionError.class);
  }

  @Test
  void aCheckThatNamesTheRowAfterIsNoticed() throws Exception {
    var late =
        new AuditTampering(
            Files.createDirectory(folder.resolve("late")),
            (world, id) -> {
              Verdict verdict = world.view(id).verifyAudit();
              long at = verdict.brokenAt() == 0 ? 0 : verdict.brokenAt() + 1;
              return new Verdict(verdict.rows(), at, verdict.reason(), verdict.head());
            });
    assertThatThrownBy(late::all).isInstanceOf(AssertionError.class);
  }
}
