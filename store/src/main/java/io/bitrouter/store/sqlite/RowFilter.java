package io.bitrouter.store.sqlite;

import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.UsageQuery;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Conditions on a namespace, its keys and models, for rows and for sums of rows alike. Values are
 * parameters, in order, the namespace's number first.
 */
final class RowFilter {

  /** The number of a row's model and provider. */
  static final String MODEL_OF_ROW =
      """
      (CASE WHEN shape > 0 THEN (SELECT s.model_ref FROM row_shape s WHERE s.id = shape)
        ELSE -shape END)\
      """;

  private static final String NUMBER =
      "SELECT coalesce(max(id), 0) FROM namespace_ref WHERE namespace_id = :namespace";

  private static final String OF_KEY =
      " AND key_ref IN (SELECT k.id FROM key_ref k WHERE k.ns = ? AND k.key_id = ?)";

  private static final String OF_ROOT_KEY =
      """
      AND key_ref IN (SELECT k.id FROM key_ref k
       WHERE k.ns = ? AND CASE k.root_key_id WHEN '' THEN k.key_id ELSE k.root_key_id END = ?)\
      """;

  private static final String OF_MODEL =
      " AND %1$s IN (SELECT m.id FROM model_ref m WHERE m.model_id = ?)";

  private static final String OF_PROVIDER =
      " AND %1$s IN (SELECT m.id FROM model_ref m WHERE m.provider_id = ?)";

  private final long namespace;
  private final String text;
  private final List<Object> values;

  private RowFilter(long namespace, String text, List<Object> values) {
    this.namespace = namespace;
    this.text = text;
    this.values = values;
  }

  /** The rows of a namespace that {@code filter} means. */
  static RowFilter of(Handle handle, NamespaceId namespace, UsageQuery.Filter filter) {
    long number =
        handle.createQuery(NUMBER).bind("namespace", namespace.text()).mapTo(long.class).one();
    StringBuilder text = new StringBuilder();
    List<Object> values = new ArrayList<>();
    filter
        .key()
        .ifPresent(key -> {
          text.append(OF_KEY);
          values.addAll(List.of(number, key));
        });
    filter
        .rootKey()
        .ifPresent(key -> {
          text.append(OF_ROOT_KEY);
          values.addAll(List.of(number, key));
        });
    filter
        .model()
        .ifPresent(model -> {
          text.append(OF_MODEL);
          values.add(model);
        });
    filter
        .provider()
        .ifPresent(provider -> {
          text.append(OF_PROVIDER);
          values.add(provider);
        });
    return new RowFilter(number, text.toString(), values);
  }

  /** The namespace's number; 0, which no row has, when it has no rows. */
  long namespace() {
    return namespace;
  }

  /** What is to follow the conditions of a query of {@code request_row}. */
  String ofRows() {
    return text.formatted(MODEL_OF_ROW);
  }

  /** The same for {@code usage_key_15m}. */
  String ofSums() {
    return text.formatted("model_ref");
  }

  /** Sets the parameters from {@code first} on; returns the index after the last. */
  int bind(PreparedStatement statement, int first) throws SQLException {
    int at = first;
    for (Object each : values) {
      statement.setObject(at++, each);
    }
    return at;
  }
}
