package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.UsageQuery;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import io.bitrouter.store.BooksWorld;
import io.bitrouter.store.row.ByteReader;
import io.bitrouter.store.row.EncodedRow;
import io.bitrouter.store.row.RowShape;
import io.bitrouter.store.row.SampleRows;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A store of the first version goes on with everything that it holds. */
class MigrationTest {

  private static final NamespaceId NS = BooksWorld.NS;

  @TempDir private Path folder;

  private final long seed = System.nanoTime();
  private final SampleRows sample = new SampleRows(new Random(seed));

  @Test
  void lineagesUsageAndAuditHeadsAreCarriedOver() throws Exception {
    System.out.println("seed " + seed);
    List<RequestRow> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      rows.add(sample.any(NS, new KeyId("key_a"), ControlWorld.NOW + i * 10_000_000L));
      if (rows.getLast().policyId().isPresent()) {
        // The first version knew no policies.
        rows.removeLast();
      }
    }
    try (Connection first = first()) {
      keys(first);
      audit(first);
      for (RequestRow row : rows) {
        insert(first, row);
      }
      execute(first, "UPDATE key_total_upto SET row_id = 120");
      execute(
          first,
          "INSERT INTO operator_credential (id, name, scopes, created_at, token_id, mac, pepper_id)"
              + " VALUES ('opr_1', 'root', '', 1, 't', x'00', 'p')");
    }
    try (ControlWorld world = new ControlWorld(folder)) {
      Map<String, List<String>> lineages = new HashMap<>();
      for (KeyRecord key : world.view(NS).keys()) {
        lineages.put(key.id().text(), key.ancestors().stream().map(KeyId::text).toList());
      }
      assertThat(lineages)
          .isEqualTo(
              Map.of(
                  "key_a", List.of(),
                  "key_b", List.of("key_a"),
                  "key_c", List.of("key_b", "key_a"),
                  "key_d", List.of("key_c", "key_b", "key_a")));
      assertThat(world.node.operators().getFirst().reach()).isEqualTo(new Reach.Everything());
      assertThat(world.view(NS).verifyAudit().ok()).isTrue();
      assertThat(world.rows(NS, 1_000)).isEqualTo(rows.reversed());
      assertThat(world.node.indeterminate(Long.MAX_VALUE))
          .isEqualTo(
              rows.stream()
                  .filter(row -> row.chargeState() == ChargeState.INDETERMINATE)
                  .filter(row -> row.status() == RequestStatus.FAILED)
                  .toList());
      UsageQuery all = UsageQuery.of(0, Long.MAX_VALUE);
      Map<String, Long> models = new HashMap<>();
      rows.forEach(
          row -> models.merge(row.modelId().orElse(""), row.finalChargeMicroUsd(), Long::sum));
      Map<String, Long> groups = new HashMap<>();
      world
          .view(NS)
          .usage(all, new UsageQuery.Grouping.ByModel())
          .forEach(group -> groups.put(group.name(), group.totals().spendMicroUsd()));
      assertThat(groups).isEqualTo(models);
    }
  }

  @Test
  void aHeadWithoutASignatureIsAcceptedAtNoOtherTime() throws Exception {
    try (Connection first = first()) {
      audit(first);
    }
    try (ControlWorld world = new ControlWorld(folder)) {
      assertThat(world.view(NS).verifyAudit().ok()).isTrue();
      world.database.write(handle -> handle.execute("UPDATE audit_head SET sig = NULL"));
    }
    try (ControlWorld world = new ControlWorld(folder)) {
      assertThat(world.view(NS).verifyAudit().ok()).isFalse();
    }
  }

  /** Stored responses came into the second version's own script, and its homes did not start. */
  @Test
  void aStoreOfTheSecondVersionGetsStoredResponses() throws Exception {
    at("2").close();
    try (ControlWorld world = new ControlWorld(folder)) {
      assertThat(world.database.versionFound()).isEqualTo(2);
      world.node.forEachRules(rules -> assertThat(rules.storesResponses()).isFalse());
      assertThat(world.view(NS).response("resp_1", 1)).isEmpty();
    }
  }

  /** A script that ran somewhere runs there no more: a change goes into a new one. */
  @ParameterizedTest
  @CsvSource({
    "V1__first.sql, 4a0f6bcf82b465db",
    "V2__policies.sql, 6cd2d27cd80551dd",
    "V3__stored_responses.sql, 6cf077bef4120e9c",
  })
  void aScriptStaysAsItWasPublished(String name, String beginning) throws Exception {
    try (InputStream script = Schema.class.getResourceAsStream("migration/" + name)) {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(script.readAllBytes());
      assertThat(HexFormat.of().formatHex(hash)).startsWith(beginning);
    }
  }

  private Connection first() throws SQLException {
    return at("1");
  }

  private Connection at(String version) throws SQLException {
    String url = "jdbc:sqlite:" + folder.resolve("bitrouter.db");
    Flyway.configure()
        .dataSource(url, "", "")
        .locations("classpath:io/bitrouter/store/sqlite/migration")
        .placeholderReplacement(false)
        .target(version)
        .load()
        .migrate();
    Connection connection = DriverManager.getConnection(url);
    execute(
        connection,
        "INSERT INTO namespace (id, owner_id, name, created_at) VALUES ('"
            + NS
            + "', 'node', 'a', 1)");
    execute(connection, "INSERT INTO namespace_ref (id, namespace_id) VALUES (1, '" + NS + "')");
    return connection;
  }

  private static void keys(Connection connection) throws SQLException {
    @Nullable String parent = null;
    for (String id : List.of("key_a", "key_b", "key_c", "key_d")) {
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO api_key (namespace_id, id, name, scopes, parent_id, root_id, created_at,"
                  + " created_by_kind, created_by_id) VALUES (?, ?, 'n', '', ?, 'key_a', 1, '', '')")) {
        insert.setString(1, NS.text());
        insert.setString(2, id);
        insert.setString(3, parent);
        insert.executeUpdate();
      }
      parent = id;
    }
  }

  private static void audit(Connection connection) throws SQLException {
    AuditEntry entry =
        new AuditEntry(1, "node", "n", "x.y", "x", "x", "", "", "", new RequestId(new Ulid(1, 1)));
    byte[] genesis = AuditChain.genesis(NS);
    byte[] hash = AuditChain.hash(1, entry, genesis);
    try (PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO audit VALUES (?, 1, 1, 'node', 'n', 'x.y', 'x', 'x', '', '', '', ?, ?, ?)");
        PreparedStatement head =
            connection.prepareStatement("INSERT INTO audit_head VALUES (?, 1, ?)")) {
      insert.setString(1, NS.text());
      insert.setString(2, entry.requestId().toString());
      insert.setBytes(3, genesis);
      insert.setBytes(4, hash);
      insert.executeUpdate();
      head.setString(1, NS.text());
      head.setBytes(2, hash);
      head.executeUpdate();
    }
  }

  /** As the first version wrote rows. */
  private static void insert(Connection connection, RequestRow row) throws SQLException {
    EncodedRow encoded = ControlWorld.encoded(List.of(row)).getFirst();
    RowShape shape =
        RowShape.read(new ByteReader(encoded.shape().array(), 0, encoded.shape().array().length));
    String root = row.rootKey().equals(row.key()) ? "" : row.rootKey().text();
    long key =
        number(
            connection,
            "INSERT INTO key_ref (ns, key_id, root_key_id) VALUES (1, ?, ?)"
                + " ON CONFLICT DO UPDATE SET ns = 1 RETURNING id",
            row.key().text(),
            root);
    long shapeId =
        number(
            connection,
            "INSERT INTO row_shape (protocol, upstream_protocol, model_id, upstream_model,"
                + " provider_id, price_version) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            shape.protocol(),
            shape.upstreamProtocol().orElse(null),
            shape.modelId().orElse(null),
            shape.upstreamModel().orElse(null),
            shape.providerId().orElse(null),
            shape.priceVersion());
    number(
        connection,
        "INSERT INTO request_row (ns, ts, request_id, key_ref, shape, status, repeats,"
            + " prompt_tokens, completion_tokens, nano_usd, micro_usd, detail)"
            + " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        RequestSql.millis(encoded.id()),
        RequestSql.idBytes(encoded.id()),
        key,
        shapeId,
        encoded.status(),
        encoded.repeats(),
        encoded.promptTokens(),
        encoded.completionTokens(),
        encoded.nanoUsd(),
        encoded.microUsd(),
        encoded.detail());
  }

  private static long number(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      try (var rows = statement.executeQuery()) {
        return rows.getLong(1);
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
