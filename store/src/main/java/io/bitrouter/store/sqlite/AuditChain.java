package io.bitrouter.store.sqlite;

import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The hashes that chain a namespace's audit rows.
 *
 * <p>A row's hash is SHA-256 over its fields in order, each preceded by its length in bytes as a
 * 32-bit big-endian number: seq, at, actor kind, actor id, action, target kind, target id, before,
 * after, ip, request id, previous hash; numbers as decimal text, text as UTF-8. What precedes the
 * first row is the hash of the namespace's id, so that no chain passes for another namespace's.
 */
public final class AuditChain {

  private AuditChain() {}

  /** What stands as the previous hash of the first row. */
  public static byte[] genesis(NamespaceId namespace) {
    MessageDigest digest = sha256();
    add(digest, namespace.text());
    return digest.digest();
  }

  /** The hash of one row. */
  public static byte[] hash(long seq, AuditEntry entry, byte[] previous) {
    MessageDigest digest = sha256();
    add(digest, Long.toString(seq));
    add(digest, Long.toString(entry.atMicros()));
    add(digest, entry.actorKind());
    add(digest, entry.actorId());
    add(digest, entry.action());
    add(digest, entry.targetKind());
    add(digest, entry.targetId());
    add(digest, entry.before());
    add(digest, entry.after());
    add(digest, entry.ip());
    add(digest, entry.requestId().toString());
    add(digest, previous);
    return digest.digest();
  }

  /** What is signed for a head: namespace id, 0, number as decimal text, 0, hash. */
  public static byte[] headMessage(NamespaceId namespace, long seq, byte[] hash) {
    byte[] id = namespace.text().getBytes(StandardCharsets.UTF_8);
    byte[] number = Long.toString(seq).getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(id.length + number.length + hash.length + 2)
        .put(id)
        .put((byte) 0)
        .put(number)
        .put((byte) 0)
        .put(hash)
        .array();
  }

  private static void add(MessageDigest digest, String text) {
    add(digest, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void add(MessageDigest digest, byte[] bytes) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
