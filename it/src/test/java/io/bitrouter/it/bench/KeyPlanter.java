package io.bitrouter.it.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;

/**
 * Puts many keys into the store of a node that does not run, in one transaction: minting a hundred
 * thousand through the interface would be a benchmark of its own. Nobody has their secrets.
 */
final class KeyPlanter {

  private static final String BASE62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final String CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz";

  private final SplittableRandom random = new SplittableRandom(42);

  /** Plants {@code count} keys in a namespace that has one key at least. */
  void plant(Path database, String namespaceId, int count) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
      connection.setAutoCommit(false);
      String pepper = pepperId(connection);
      try (PreparedStatement key =
              connection.prepareStatement(
                  """
                  INSERT INTO api_key (namespace_id, id, name, scopes, root_id, created_at,
                    created_by_kind, created_by_id)
                  VALUES (?, ?, ?, 'inference:invoke', ?, 1767225600000000, 'operator', 'bench')
                  """);
          PreparedStatement verifier =
              connection.prepareStatement(
                  """
                  INSERT INTO key_verifier (namespace_id, key_id, token_id, mac, pepper_id)
                  VALUES (?, ?, ?, ?, ?)
                  """)) {
        for (int i = 0; i < count; i++) {
          String id = "key_0" + letters(CROCKFORD, 25);
          byte[] mac = new byte[32];
          random.nextBytes(mac);
          bind(key, namespaceId, id, "planted " + i, id);
          key.addBatch();
          bind(verifier, namespaceId, id, letters(BASE62, 16));
          verifier.setBytes(4, mac);
          verifier.setString(5, pepper);
          verifier.addBatch();
        }
        int[] unused = key.executeBatch();
        unused = verifier.executeBatch();
      }
      connection.commit();
    }
  }

  private static String pepperId(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT pepper_id FROM key_verifier LIMIT 1")) {
      if (!rows.next()) {
        throw new SQLException("there is no key to learn the pepper from");
      }
      return rows.getString(1);
    }
  }

  private static void bind(PreparedStatement statement, String... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setString(i + 1, values[i]);
    }
  }

  private String letters(String alphabet, int count) {
    StringBuilder text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
