package io.bitrouter.store.sqlite;

import io.bitrouter.store.row.ByteReader;
import io.bitrouter.store.row.Bytes;
import io.bitrouter.store.row.EncodedRow.Who;
import io.bitrouter.store.row.RowShape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds and makes the small integers that stand for long texts in request rows. Used by the writer
 * thread alone. Both maps are bounded; after a transaction that failed they must be forgotten.
 */
final class RowRefs {

  /** Stands for the root key's id when that is the key itself, as it is for most. */
  static final String OWN_ROOT = "";

  /** The integers of a key and its namespace. */
  record Ref(long namespace, long key) {}

  private static final class Recent extends LinkedHashMap<Bytes, Ref> {
    private static final int MOST = 100_000;

    Recent() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Bytes, Ref> eldest) {
      return size() > MOST;
    }
  }

  /** Shapes come from the configuration; what exceeds this is stored in the rows. */
  static final int MOST_SHAPES = 20_000;

  private static final String FIND_NAMESPACE =
      "SELECT id FROM namespace_ref WHERE namespace_id = ?";

  private static final String ADD_NAMESPACE =
      "INSERT INTO namespace_ref (namespace_id) VALUES (?) RETURNING id";

  private static final String FIND_KEY =
      "SELECT id FROM key_ref WHERE ns = ? AND key_id = ? AND root_key_id = ?";

  private static final String ADD_KEY =
      """
      INSERT INTO key_ref (ns, key_id, root_key_id) VALUES (?, ?, ?) RETURNING id
      """;

  private static final String ALL_SHAPES =
      """
      SELECT id, protocol, upstream_protocol, model_id, upstream_model, provider_id, price_version
      FROM row_shape
      """;

  private static final String ADD_SHAPE =
      """
      INSERT INTO row_shape (protocol, upstream_protocol, model_id, upstream_model, provider_id,
        price_version, model_ref)
      VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id
      """;

  private static final String FIND_MODEL =
      "SELECT id FROM model_ref WHERE model_id = ? AND provider_id = ?";

  private static final String ADD_MODEL =
      "INSERT INTO model_ref (model_id, provider_id) VALUES (?, ?) RETURNING id";

  private final int mostShapes;
  private final Recent keys = new Recent();
  private final Map<Bytes, Integer> shapes = new HashMap<>();
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private @Nullable Connection prepared;
  private boolean shapesLoaded;

  RowRefs(int mostShapes) {
    this.mostShapes = mostShapes;
  }

  /** The integers of a key, made when it has none. */
  Ref key(Connection connection, Bytes who) throws SQLException {
    @Nullable Ref known = keys.get(who);
    if (known != null) {
      return known;
    }
    Who whose = Who.read(who);
    long namespace = findOrAdd(connection, FIND_NAMESPACE, ADD_NAMESPACE, whose.namespace().text());
    long key =
        findOrAdd(
            connection,
            FIND_KEY,
            ADD_KEY,
            namespace,
            whose.key().text(),
            whose.rootKey().equals(whose.key()) ? OWN_ROOT : whose.rootKey().text());
    Ref made = new Ref(namespace, key);
    keys.put(who, made);
    return made;
  }

  /**
   * The integer of a shape, made when it has none. When there are too many, the negative integer of
   * its model and provider: the row then carries its shape itself.
   */
  int shape(Connection connection, Bytes shape) throws SQLException {
    if (!shapesLoaded) {
      loadShapes(connection);
    }
    @Nullable Integer known = shapes.get(shape);
    if (known != null) {
      return known;
    }
    RowShape added = RowShape.read(new ByteReader(shape.array(), 0, shape.array().length));
    int model =
        (int)
            findOrAdd(
                connection,
                FIND_MODEL,
                ADD_MODEL,
                added.modelId().orElse(""),
                added.providerId().orElse(""));
    if (shapes.size() >= mostShapes) {
      return -model;
    }
    int id =
        (int)
            number(
                connection,
                ADD_SHAPE,
                added.protocol(),
                added.upstreamProtocol().orElse(null),
                added.modelId().orElse(null),
                added.upstreamModel().orElse(null),
                added.providerId().orElse(null),
                added.priceVersion(),
                model);
    shapes.put(shape, id);
    return id;
  }

  /** Forgets everything, because what was made last may have been rolled back. */
  void forget() {
    keys.clear();
    shapes.clear();
    shapesLoaded = false;
  }

  private void loadShapes(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ALL_SHAPES);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        RowShape shape =
            new RowShape(
                rows.getString(2),
                Optional.ofNullable(rows.getString(3)),
                Optional.ofNullable(rows.getString(4)),
                Optional.ofNullable(rows.getString(5)),
                Optional.ofNullable(rows.getString(6)),
                rows.getString(7));
        shapes.put(shape.bytes(), rows.getInt(1));
      }
    }
    shapesLoaded = true;
  }

  private long findOrAdd(Connection connection, String find, String add, Object... values)
      throws SQLException {
    long found = number(connection, find, values);
    return found > 0 ? found : number(connection, add, values);
  }

  /** The first column of the first row, 0 without one; stored integers start at 1. */
  private long number(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    PreparedStatement statement = statement(connection, sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    try (ResultSet rows = statement.executeQuery()) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /** A statement prepared once for each connection; closing the connection closes it. */
  @SuppressWarnings("ReferenceEquality") // connections have no other identity
  PreparedStatement statement(Connection connection, String sql) throws SQLException {
    if (prepared != connection) {
      statements.clear();
      prepared = connection;
    }
    @Nullable PreparedStatement known = statements.get(sql);
    if (known == null) {
      known = connection.prepareStatement(sql);
      statements.put(sql, known);
    }
    return known;
  }
}
