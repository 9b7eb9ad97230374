package io.bitrouter.core.store;

/**
 * A row of a namespace's audit log.
 *
 * @param seq its number, from 1
 * @param entry what was done
 * @param previousHash hash of the row before, 32 bytes
 * @param hash its own, 32 bytes
 */
public record AuditRow(long seq, AuditEntry entry, byte[] previousHash, byte[] hash) {

  /**
   * The head of a log.
   *
   * @param seq number of the last row, 0 for an empty log
   * @param hash hash of the last row
   * @param signature the node's signature over namespace, number and hash
   */
  public record Head(long seq, byte[] hash, byte[] signature) {}

  /**
   * What checking a whole log found.
   *
   * @param rows rows that are there
   * @param brokenAt number of the first row that is not as it was written, 0 when all are
   * @param reason what is wrong there, empty when nothing is
   * @param head the head
   */
  public record Verdict(long rows, long brokenAt, String reason, Head head) {
    /** Whether the log is whole. */
    public boolean ok() {
      return brokenAt == 0 && reason.isEmpty();
    }
  }
}
