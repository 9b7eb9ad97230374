package io.bitrouter.store.sqlite;

import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.Binding;
import io.bitrouter.core.policy.BindingId;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.policy.Principal;
import io.bitrouter.core.store.NamespaceRules;
import io.bitrouter.core.store.PolicyChange;
import io.bitrouter.core.store.SpecCodec;
import io.bitrouter.core.store.StoreUnavailableException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Statements about policies, bindings and baselines; every one carries a namespace. */
final class PolicySql {

  private static final String SAVE =
      """
      INSERT INTO policy (namespace_id, id, name, kind, spec, revision, locked, created_at,
        updated_at, disabled_at)
      VALUES (:ns, :id, :name, :kind, :spec, :revision, :locked, :createdAt, :updatedAt,
        :disabledAt)
      ON CONFLICT (namespace_id, id) DO UPDATE SET
        name = excluded.name, spec = excluded.spec, revision = excluded.revision,
        locked = excluded.locked, updated_at = excluded.updated_at,
        disabled_at = excluded.disabled_at
      """;

  private static final String DELETE = "DELETE FROM policy WHERE namespace_id = :ns AND id = :id";

  private static final String BIND =
      """
      INSERT INTO policy_binding (namespace_id, id, policy_id, principal_type, principal_id,
        created_at)
      VALUES (:ns, :id, :policy, :type, :principal, :at)
      """;

  private static final String UNBIND =
      "DELETE FROM policy_binding WHERE namespace_id = :ns AND id = :id";

  private static final String BASELINE =
      """
      INSERT INTO spend_baseline (namespace_id, principal_type, principal_id, nano_usd)
      VALUES (:ns, :type, :principal, :nano)
      ON CONFLICT (namespace_id, principal_type, principal_id) DO NOTHING
      """;

  private static final List<String> DELETE_ALL =
      List.of(
          "DELETE FROM policy WHERE namespace_id = :ns",
          "DELETE FROM spend_baseline WHERE namespace_id = :ns");

  private static final String LIVE =
      "SELECT id, suspended_at IS NOT NULL, responses_since IS NOT NULL FROM namespace"
          + " WHERE deleted_at IS NULL ORDER BY created_at, id";

  private static final String POLICIES =
      """
      SELECT namespace_id, id, name, kind, spec, revision, locked, created_at, updated_at,
        disabled_at
      FROM policy ORDER BY namespace_id, created_at, id
      """;

  private static final String BINDINGS =
      """
      SELECT namespace_id, id, policy_id, principal_type, principal_id, created_at
      FROM policy_binding ORDER BY namespace_id, created_at, id
      """;

  private static final String BASELINES =
      "SELECT namespace_id, principal_type, principal_id, nano_usd FROM spend_baseline";

  private record Live(NamespaceId id, boolean suspended, boolean storesResponses) {}

  private record Baseline(Principal principal, long nanoUsd) {}

  private PolicySql() {}

  /** Stores a change. */
  static void apply(Handle handle, NamespaceId namespace, PolicyChange change, SpecCodec specs) {
    for (BindingId each : change.unbound()) {
      handle.createUpdate(UNBIND).bind("ns", namespace.text()).bind("id", each.text()).execute();
    }
    for (PolicyId each : change.deleted()) {
      handle.createUpdate(DELETE).bind("ns", namespace.text()).bind("id", each.text()).execute();
    }
    change.saved().forEach(each -> save(handle, namespace, each, specs));
    change.bound().forEach(each -> bind(handle, namespace, each));
    change
        .baselines()
        .forEach((principal, nano) ->
            handle
                .createUpdate(BASELINE)
                .bind("ns", namespace.text())
                .bind("type", principal.kind().text())
                .bind("principal", principal.id())
                .bind("nano", nano)
                .execute());
  }

  private static void save(Handle handle, NamespaceId namespace, Policy policy, SpecCodec specs) {
    var update =
        handle
            .createUpdate(SAVE)
            .bind("ns", namespace.text())
            .bind("id", policy.id().text())
            .bind("name", policy.name())
            .bind("kind", policy.spec().kind().text())
            .bind("spec", specs.write(policy.spec()))
            .bind("revision", policy.revision())
            .bind("locked", policy.locked())
            .bind("createdAt", policy.createdAtMicros())
            .bind("updatedAt", policy.updatedAtMicros());
    KeySql.bindOptional(update, "disabledAt", policy.disabledAtMicros());
    update.execute();
  }

  private static void bind(Handle handle, NamespaceId namespace, Binding binding) {
    handle
        .createUpdate(BIND)
        .bind("ns", namespace.text())
        .bind("id", binding.id().text())
        .bind("policy", binding.policy().text())
        .bind("type", binding.principal().kind().text())
        .bind("principal", binding.principal().id())
        .bind("at", binding.createdAtMicros())
        .execute();
  }

  /** Removes all rules of a namespace; the bindings go with the policies. */
  static void deleteAll(Handle handle, NamespaceId namespace) {
    DELETE_ALL.forEach(sql -> handle.createUpdate(sql).bind("ns", namespace.text()).execute());
  }

  /** The rules of every live namespace. */
  static void everyLive(Handle handle, SpecCodec specs, Consumer<NamespaceRules> consumer) {
    Map<NamespaceId, List<Policy>> policies = grouped(handle, POLICIES, row -> policy(row, specs));
    Map<NamespaceId, List<Binding>> bindings = grouped(handle, BINDINGS, PolicySql::binding);
    Map<NamespaceId, List<Baseline>> baselines =
        grouped(
            handle,
            BASELINES,
            row -> new Baseline(principal(row.getString(2), row.getString(3)), row.getLong(4)));
    List<Live> live =
        handle
            .createQuery(LIVE)
            .map((rows, context) ->
                new Live(
                    new NamespaceId(rows.getString(1)), rows.getBoolean(2), rows.getBoolean(3)))
            .list();
    for (Live each : live) {
      Map<Principal, Long> starts = new HashMap<>();
      baselines
          .getOrDefault(each.id(), List.of())
          .forEach(one -> starts.put(one.principal(), one.nanoUsd()));
      consumer.accept(
          new NamespaceRules(
              each.id(),
              each.suspended(),
              each.storesResponses(),
              List.copyOf(policies.getOrDefault(each.id(), List.of())),
              List.copyOf(bindings.getOrDefault(each.id(), List.of())),
              Map.copyOf(starts)));
    }
  }

  private interface Reading<T> {
    T of(ResultSet row) throws SQLException;
  }

  private static <T> Map<NamespaceId, List<T>> grouped(
      Handle handle, String sql, Reading<T> reading) {
    Map<NamespaceId, List<T>> grouped = new HashMap<>();
    RowMapper<Boolean> each =
        (row, context) ->
            grouped
                .computeIfAbsent(new NamespaceId(row.getString(1)), id -> new ArrayList<>())
                .add(reading.of(row));
    handle.createQuery(sql).map(each).list();
    return grouped;
  }

  private static Policy policy(ResultSet row, SpecCodec specs) throws SQLException {
    PolicySpec.Kind kind =
        PolicySpec.Kind.of(row.getString(4))
            .orElseThrow(damaged("policy " + row.getString(2) + " is of an unknown kind"));
    return new Policy(
        new PolicyId(row.getString(2)),
        row.getString(3),
        specs.read(kind, row.getString(5)),
        row.getLong(6),
        row.getBoolean(7),
        row.getLong(8),
        row.getLong(9),
        KeyRows.optionalLong(row, 10));
  }

  private static Binding binding(ResultSet row) throws SQLException {
    return new Binding(
        new BindingId(row.getString(2)),
        new PolicyId(row.getString(3)),
        principal(row.getString(4), row.getString(5)),
        row.getLong(6));
  }

  private static Principal principal(String kind, String id) {
    Optional<Principal.Kind> known =
        Arrays.stream(Principal.Kind.values()).filter(each -> each.text().equals(kind)).findFirst();
    return new Principal(
        known.orElseThrow(damaged("a policy is bound to an unknown kind of principal")), id);
  }

  private static Supplier<StoreUnavailableException> damaged(String what) {
    return () -> new StoreUnavailableException("the store is damaged: " + what);
  }
}
