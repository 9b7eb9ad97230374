package io.bitrouter.store.sqlite;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.KeyVerifier;
import io.bitrouter.core.credential.ScopeSet;
import io.bitrouter.core.namespace.NamespaceId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts keys together from rows of keys joined with verifiers: rows of one key must follow each
 * other.
 */
final class KeyRows {

  /**
   * What the queries select; {@code k} is the key, {@code v} its verifier, which may be missing.
   */
  static final String COLUMNS =
      """
      k.namespace_id, k.id, k.name, k.scopes, k.ancestors, k.created_at, k.expires_at,
      k.revoked_at, k.last_used_at, v.token_id, v.mac, v.pepper_id, v.not_after
      """;

  /** How verifiers are joined. */
  static final String VERIFIERS =
      """
      LEFT JOIN key_verifier v ON v.namespace_id = k.namespace_id AND v.key_id = k.id
      """;

  private KeyRows() {}

  /** All keys of {@code rows}. */
  static List<KeyRecord> list(ResultSet rows) throws SQLException {
    List<KeyRecord> keys = new ArrayList<>();
    each(rows, keys::add);
    return keys;
  }

  /** Hands the keys of {@code rows} over one by one, holding one at a time. */
  static void each(ResultSet rows, Consumer<KeyRecord> consumer) throws SQLException {
    @Nullable KeyRecord pending = null;
    while (rows.next()) {
      KeyRecord read = key(rows);
      if (pending == null) {
        pending = read;
      } else if (pending.id().equals(read.id()) && pending.namespace().equals(read.namespace())) {
        pending = joined(pending, read);
      } else {
        consumer.accept(pending);
        pending = read;
      }
    }
    if (pending != null) {
      consumer.accept(pending);
    }
  }

  private static KeyRecord key(ResultSet rows) throws SQLException {
    return new KeyRecord(
        new NamespaceId(rows.getString(1)),
        new KeyId(rows.getString(2)),
        rows.getString(3),
        ScopeSet.parse(rows.getString(4)),
        ancestors(rows.getString(5)),
        rows.getLong(6),
        optionalLong(rows, 7),
        optionalLong(rows, 8),
        optionalLong(rows, 9),
        verifiers(rows));
  }

  private static List<KeyId> ancestors(String text) {
    return text.isEmpty() ? List.of() : Arrays.stream(text.split(" ")).map(KeyId::new).toList();
  }

  private static List<KeyVerifier> verifiers(ResultSet rows) throws SQLException {
    @Nullable String tokenId = rows.getString(10);
    return tokenId == null
        ? List.of()
        : List.of(
            new KeyVerifier(
                tokenId, rows.getBytes(11), rows.getString(12), optionalLong(rows, 13)));
  }

  private static KeyRecord joined(KeyRecord key, KeyRecord more) {
    List<KeyVerifier> verifiers = new ArrayList<>(key.verifiers());
    verifiers.addAll(more.verifiers());
    return key.withVerifiers(List.copyOf(verifiers));
  }

  /** The number in a column that may be empty. */
  static OptionalLong optionalLong(ResultSet rows, int column) throws SQLException {
    long value = rows.getLong(column);
    return rows.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
