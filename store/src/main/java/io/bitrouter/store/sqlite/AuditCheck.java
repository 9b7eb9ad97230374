package io.bitrouter.store.sqlite;

import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditRow;
import io.bitrouter.core.store.AuditRow.Head;
import io.bitrouter.core.store.AuditRow.Verdict;
import io.bitrouter.core.store.AuditSigner;
import java.util.Arrays;
import java.util.Optional;

/**
 * Checks one log, row by row in order of numbers, and names the first row that is not as it was
 * written. What it cannot see: rows taken off the end together with the head of that time put back.
 */
final class AuditCheck {

  private final NamespaceId namespace;
  private final AuditSigner signer;
  private byte[] previous;
  private long rows;
  private long last;
  private long brokenAt;
  private String reason = "";

  AuditCheck(NamespaceId namespace, AuditSigner signer) {
    this.namespace = namespace;
    this.signer = signer;
    this.previous = AuditChain.genesis(namespace);
  }

  /** Takes the next row. */
  void row(AuditRow row) {
    rows++;
    if (brokenAt != 0) {
      return;
    }
    long expected = last + 1;
    byte[] own = AuditChain.hash(row.seq(), row.entry(), row.previousHash());
    if (row.seq() != expected) {
      broken(expected, "row " + expected + " is missing");
    } else if (!Arrays.equals(row.hash(), own)) {
      broken(expected, "row " + expected + " is not what its hash was made of");
    } else if (!Arrays.equals(row.previousHash(), previous)) {
      // This row is whole and remembers another row before it: that one was written anew.
      broken(Math.max(1, last), "row " + expected + " follows another row than the one before it");
    } else {
      last = expected;
      previous = row.hash();
    }
  }

  private void broken(long at, String why) {
    brokenAt = at;
    reason = why;
  }

  /** What came out, once all rows have been taken. */
  Verdict verdict(Optional<Head> stored) {
    Head head = stored.orElseGet(() -> new Head(0, AuditChain.genesis(namespace), new byte[0]));
    if (brokenAt == 0) {
      head(head, stored.isPresent());
    }
    return new Verdict(rows, brokenAt, reason, head);
  }

  private void head(Head head, boolean present) {
    boolean signed =
        present
            && signer.verifies(
                AuditChain.headMessage(namespace, head.seq(), head.hash()), head.signature());
    if (!present && last == 0) {
      return;
    }
    if (!signed) {
      reason = present ? "the head's signature is not this node's" : "the head is missing";
    } else if (head.seq() > last) {
      broken(last + 1, "rows after " + last + " are missing, the head is at " + head.seq());
    } else if (head.seq() < last) {
      broken(head.seq() + 1, "row " + (head.seq() + 1) + " is beyond the head");
    } else if (!Arrays.equals(head.hash(), previous)) {
      broken(last, "row " + last + " is not the one that the head was signed for");
    }
  }
}
