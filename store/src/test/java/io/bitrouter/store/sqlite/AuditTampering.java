package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.AuditRow;
import io.bitrouter.core.store.AuditRow.Verdict;
import io.bitrouter.store.TestSigner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Does to an audit log what must not be done to one, and looks at what is found. */
final class AuditTampering {

  private static final int ROWS = 7;
  private static final String FILE = "bitrouter.db";

  private static final List<String> COLUMNS =
      List.of(
          "at = at + 1",
          "actor_kind = 'node'",
          "actor_id = 'opr_2'",
          "action = 'key.revoke'",
          "target_kind = 'key'",
          "target_id = target_id || 'x'",
          "state_before = '{}'",
          "state_after = ''",
          "ip = '10.0.0.1'",
          "request_id = 'req_' || lower(substr(request_id, 5, 25)) || '0'",
          "request_id = 'none'",
          "prev_hash = zeroblob(32)",
          "hash = zeroblob(32)",
          "hash = x''");

  private final Path folder;
  private final BiFunction<ControlWorld, NamespaceId, Verdict> verifier;
  private int number;

  /**
   * Tampers with logs in new stores in {@code folder}.
   *
   * @param verifier what is tested
   */
  AuditTampering(Path folder, BiFunction<ControlWorld, NamespaceId, Verdict> verifier) {
    this.folder = folder;
    this.verifier = verifier;
  }

  /** Everything. */
  void all() {
    found("nothing", 0, true, log -> {});
    flipped();
    dropped();
    reordered();
    head();
    written();
  }

  private void flipped() {
    for (String column : COLUMNS) {
      for (int row : new int[] {1, 4, ROWS}) {
        boolean forged = column.startsWith("request_id = 'req_'");
        found(
            column + " in row " + row,
            row,
            false,
            log -> {
              log.sql("UPDATE audit SET %s WHERE namespace_id = '%s' AND seq = " + row, column);
              if (forged) {
                // The last character may have been a 0 already.
                log.sql(
                    "UPDATE audit SET ip = %s WHERE namespace_id = '%s' AND seq = " + row, "'9'");
              }
            });
      }
    }
  }

  private void dropped() {
    for (int row : new int[] {1, 4}) {
      found("row dropped", row, false, log -> log.drop(row));
      found(
          "row dropped, the rest moved up",
          row,
          false,
          log -> {
            log.drop(row);
            for (int each = row + 1; each <= ROWS; each++) {
              log.renumber(each, each - 1);
            }
          });
    }
    found("the last row dropped", ROWS, false, log -> log.drop(ROWS));
    found(
        "the last three rows dropped",
        ROWS - 2,
        false,
        log -> {
          log.drop(ROWS);
          log.drop(ROWS - 1);
          log.drop(ROWS - 2);
        });
    found(
        "all rows dropped",
        1,
        false,
        log -> {
          for (int row = 1; row <= ROWS; row++) {
            log.drop(row);
          }
        });
  }

  private void reordered() {
    found(
        "two rows changed places",
        2,
        false,
        log -> {
          log.renumber(2, 99);
          log.renumber(5, 2);
          log.renumber(99, 5);
        });
    found(
        "a row moved to the end",
        ROWS,
        false,
        log -> {
          log.renumber(ROWS, ROWS + 1);
        });
    found("a row with number 0", 1, false, log -> log.renumber(1, 0));
  }

  private void head() {
    found("the head's hash changed", 0, false, log -> log.head("hash = zeroblob(32)"));
    found("the head's number changed", 0, false, log -> log.head("seq = seq - 1"));
    found("the signature changed", 0, false, log -> log.head("sig = zeroblob(64)"));
    found("the signature gone", 0, false, log -> log.head("sig = NULL"));
    found(
        "the head gone",
        0,
        false,
        log -> log.sql("DELETE FROM audit_head WHERE namespace_id = '%2$s'", ""));
    found(
        "another namespace's head",
        0,
        false,
        log ->
            log.head(
                "(seq, hash, sig) = (SELECT o.seq, o.hash, o.sig FROM audit_head o"
                    + " WHERE o.namespace_id <> audit_head.namespace_id)"));
  }

  /** By somebody who can compute hashes but has not got the node's key. */
  private void written() {
    found("a row written anew with its hash", 3, false, log -> log.rewrite(3));
    found("the last row written anew with its hash", ROWS, false, log -> log.rewrite(ROWS));
    found("a row added with its hash", ROWS + 1, false, log -> log.forge(ROWS + 1));
    found(
        "a row added and a head signed by another key",
        0,
        false,
        log -> {
          AuditRow forged = log.forge(ROWS + 1);
          byte[] signature =
              new TestSigner()
                  .sign(AuditChain.headMessage(log.namespace(), forged.seq(), forged.hash()));
          log.moveHead(forged, signature);
        });
  }

  private void found(String what, long brokenAt, boolean ok, Consumer<Log> tampering) {
    try (ControlWorld world = new ControlWorld(next())) {
      List<Namespace> both = world.node.namespaces();
      Namespace one = both.stream().filter(each -> each.name().equals("one")).findAny().get();
      Namespace other = both.stream().filter(each -> each.name().equals("other")).findAny().get();
      tampering.accept(new Log(world, one.id()));
      Verdict verdict = verifier.apply(world, one.id());
      assertThat(verdict.ok()).as(what).isEqualTo(ok);
      assertThat(verdict.brokenAt()).as("%s: %s", what, verdict.reason()).isEqualTo(brokenAt);
      assertThat(verdict.reason().isEmpty()).as(what).isEqualTo(ok);
      assertThat(verifier.apply(world, other.id()).ok()).as(what).isTrue();
    }
  }

  /** A folder with a copy of a store with two logs. */
  private Path next() {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      fill();
    }
    try {
      Path next = Files.createDirectory(folder.resolve("tampered" + number++));
      Files.copy(file, next.resolve(FILE));
      return next;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void fill() {
    try (ControlWorld world = new ControlWorld(folder)) {
      Namespace one = world.namespace("one");
      Namespace other = world.namespace("other");
      for (int i = 2; i <= ROWS; i++) {
        world.view(one.id()).audit(world.audit("thing.change", "target" + i, i));
      }
      world.view(other.id()).audit(world.audit("thing.change", "x", 1));
    }
  }

  /** One log and what can be done to it. */
  private record Log(ControlWorld world, NamespaceId namespace) {

    void sql(String format, String first) {
      String sql = format.formatted(first, namespace.text());
      int changed = world.database.write(handle -> handle.execute(sql));
      assertThat(changed).as(sql).isEqualTo(1);
    }

    void drop(int seq) {
      sql("DELETE FROM audit WHERE seq = %s AND namespace_id = '%s'", Integer.toString(seq));
    }

    void renumber(int from, int to) {
      sql("UPDATE audit SET seq = %s WHERE namespace_id = '%s' AND seq = " + from, to + "");
    }

    void head(String change) {
      sql("UPDATE audit_head SET %s WHERE namespace_id = '%s'", change);
    }

    /** Changes a row and makes its hash right again. */
    void rewrite(int seq) {
      AuditRow row = world.view(namespace).audit(1, seq + 1L).getFirst();
      AuditEntry entry = row.entry().after("{\"forged\":true}");
      byte[] hash = AuditChain.hash(seq, entry, row.previousHash());
      int changed =
          world.database.write(handle ->
              handle.execute(
                  "UPDATE audit SET state_after = ?, hash = ? WHERE namespace_id = ? AND seq = ?",
                  entry.after(),
                  hash,
                  namespace.text(),
                  seq));
      assertThat(changed).isEqualTo(1);
    }

    /** Adds a row at the end with a hash that is right. */
    AuditRow forge(int seq) {
      AuditRow last = world.view(namespace).audit(1, seq).getFirst();
      AuditEntry entry =
          new AuditEntry(
              9, "node", "n", "x.y", "x", "x", "", "", "", new RequestId(new Ulid(9, 9)));
      byte[] hash = AuditChain.hash(seq, entry, last.hash());
      world.database.write(handle ->
          handle.execute(
              "INSERT INTO audit VALUES (?, ?, 9, 'node', 'n', 'x.y', 'x', 'x', '', '', '', ?, ?, ?)",
              namespace.text(),
              seq,
              entry.requestId().toString(),
              last.hash(),
              hash));
      return new AuditRow(seq, entry, last.hash(), hash);
    }

    void moveHead(AuditRow row, byte[] signature) {
      world.database.write(handle ->
          handle.execute(
              "UPDATE audit_head SET seq = ?, hash = ?, sig = ? WHERE namespace_id = ?",
              row.seq(),
              row.hash(),
              signature,
              namespace.text()));
    }
  }
}
