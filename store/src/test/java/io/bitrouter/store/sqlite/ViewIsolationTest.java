package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.KeyVerifier;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.Principal;
import io.bitrouter.core.store.KeptAnswer;
import io.bitrouter.core.store.NamespaceView;
import io.bitrouter.core.store.PolicyChange;
import io.bitrouter.core.store.Reconciliation;
import io.bitrouter.core.store.Recorded;
import io.bitrouter.core.store.RequestQuery;
import io.bitrouter.core.store.StoredResponse;
import io.bitrouter.core.store.UsageQuery;
import io.bitrouter.core.store.UsageTotals;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.store.row.SampleRows;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every method of a view, asked in one namespace about what another one has. */
class ViewIsolationTest {

  private static final long NOW = ControlWorld.NOW;
  private static final UsageQuery ALL = UsageQuery.of(0, Long.MAX_VALUE);

  /** Probes whose answers say nothing of whose namespace it is; they come after the reads. */
  private static final Set<String> DIFFERENT =
      Set.of(
          "addKey/2",
          "audit/1",
          "changeRules/2",
          "storeResponses/2",
          "keepResponses/3",
          "forgetResponse/2");

  @TempDir private Path folder;
  private ControlWorld world;
  private Namespace mine;
  private Namespace theirs;
  private KeyRecord key;
  private Policy policy;
  private RequestRow row;
  private RequestRow lost;

  @BeforeEach
  void open() {
    world = new ControlWorld(folder);
    mine = world.namespace("mine");
    theirs = world.namespace("theirs");
    key = world.stored(theirs.id(), "their-key", Optional.empty());
    policy = SampleRules.policy("their-policy", SampleRules.BUDGET);
    var view = world.view(theirs.id());
    view.changeRules(
        new PolicyChange(
            List.of(policy),
            Set.of(),
            List.of(SampleRules.binding(policy, Principal.of(key.id()))),
            Set.of(),
            Map.of(Principal.of(key.id()), 5L)),
        new Recorded(
            world.audit("policy.create", "their-policy", NOW),
            Optional.of(
                new KeptAnswer("cred", new byte[32], new byte[1], new byte[1], NOW + 9_000))));
    view.storeResponses(true, world.audit("settings.update", "their-settings", NOW));
    view.keepResponses(List.of(response(1)), 9_000, 1);
    SampleRows sample = new SampleRows(new Random(5));
    row = sample.plain(theirs.id(), key.id(), NOW);
    lost = sample.indeterminate(theirs.id(), key.id(), NOW);
    ControlWorld.commit(new SqliteRowSink(world.database, 100, 2), List.of(row, lost));
    ControlWorld.commit(
        new SqliteRowSink(world.database),
        List.of(sample.plain(theirs.id(), key.id(), NOW + 1_000)));
  }

  @AfterEach
  void close() {
    world.close();
  }

  private Map<String, Function<NamespaceView, Object>> probes() {
    Map<String, Function<NamespaceView, Object>> probes = new LinkedHashMap<>(reads());
    probes.putAll(changes());
    return probes;
  }

  private Map<String, Function<NamespaceView, Object>> reads() {
    var filter =
        new UsageQuery.Filter(
            row.modelId(),
            Optional.empty(),
            Optional.of(key.id().text()),
            Optional.of(key.id().text()));
    List<UsageQuery> queries = List.of(ALL, new UsageQuery(0, Long.MAX_VALUE, filter));
    Map<String, Function<NamespaceView, Object>> probes = new LinkedHashMap<>();
    probes.put("namespace/0", view -> view.namespace().filter(theirs::equals));
    probes.put("keys/0", NamespaceView::keys);
    probes.put("key/1", view -> view.key(key.id()));
    probes.put(
        "usage/1",
        view ->
            queries.stream()
                .map(view::usage)
                .filter(totals -> !totals.equals(UsageTotals.ZERO))
                .toList());
    probes.put(
        "usage/2",
        view -> {
          List<UsageQuery.Group> all = new ArrayList<>();
          for (UsageQuery query : queries) {
            all.addAll(view.usage(query, new UsageQuery.Grouping.ByKey()));
            all.addAll(view.usage(query, new UsageQuery.Grouping.ByModel()));
            all.addAll(view.usage(query, new UsageQuery.Grouping.ByHour(ZoneOffset.UTC)));
          }
          return all;
        });
    probes.put("requests/1", view -> view.requests(RequestQuery.newest(100, 0)));
    probes.put("request/1", view -> view.request(row.requestId()));
    probes.put("responseBytes/2", view -> view.responseBytes("resp_1", NOW));
    probes.put("response/2", view -> view.response("resp_1", NOW));
    probes.put("keptAnswer/3", view -> view.keptAnswer("cred", new byte[32], NOW));
    probes.put(
        "audit/2",
        view ->
            view.audit(100, Long.MAX_VALUE).stream()
                .filter(each -> each.entry().targetId().contains("their"))
                .toList());
    probes.put("verifyAudit/0", view -> view.verifyAudit().rows() > 2);
    return probes;
  }

  /** Answers of those that do something in any namespace are told apart by what is stored. */
  private Map<String, Function<NamespaceView, Object>> changes() {
    var audit = world.audit("probe", "x", NOW);
    var recorded = Recorded.of(audit);
    var ending = new Reconciliation(lost.requestId(), 1, 1, ChargeState.COMPUTED);
    List<KeyVerifier> verifiers =
        List.of(new KeyVerifier("stolen", new byte[] {1}, "p", OptionalLong.empty()));
    var deletion = new PolicyChange(List.of(), Set.of(policy.id()), List.of(), Set.of(), Map.of());
    Map<String, Function<NamespaceView, Object>> probes = new LinkedHashMap<>();
    probes.put(
        "addKey/2", view -> view.addKey(world.key(mine.id(), "child", Optional.of(key)), recorded));
    probes.put("rotateKey/3", view -> view.rotateKey(key.id(), verifiers, recorded));
    probes.put("revokeKey/3", view -> view.revokeKey(key.id(), true, audit));
    probes.put("storeResponses/2", view -> !view.storeResponses(false, audit));
    probes.put(
        "keepResponses/3",
        view -> {
          view.keepResponses(List.of(response(2)), 0, 0);
          return false;
        });
    probes.put("forgetResponse/2", view -> view.forgetResponse("resp_1", NOW));
    probes.put("reconcile/2", view -> view.reconcile(ending, audit));
    probes.put("changeRules/2", view -> !view.changeRules(deletion, recorded));
    probes.put(
        "audit/1",
        view -> {
          view.audit(audit);
          return false;
        });
    return probes;
  }

  private StoredResponse response(int content) {
    return new StoredResponse("resp_1", key.id(), NOW, Long.MAX_VALUE, new byte[] {(byte) content});
  }

  @Test
  void noMethodShowsOrChangesWhatAnotherNamespaceHas() {
    Map<String, Function<NamespaceView, Object>> probes = probes();
    assertThat(probes.keySet())
        .as("a new method of the view needs a probe here")
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(NamespaceView.class.getMethods())
                .map(ViewIsolationTest::signature)
                .collect(Collectors.toSet()));
    Map<String, List<String>> before = everythingTheirs();
    assertThat(before.values().stream().mapToInt(List::size).sum()).isGreaterThan(12);
    probes.forEach((name, probe) ->
        assertThat(probe.apply(world.view(mine.id())))
            .as(name)
            .isIn(Optional.empty(), List.of(), false));
    assertThat(everythingTheirs()).isEqualTo(before);
    probes.forEach((name, probe) -> {
      if (!DIFFERENT.contains(name)) {
        assertThat(probe.apply(world.view(theirs.id())))
            .as("%s shows its own namespace something", name)
            .isNotIn(Optional.empty(), List.of(), false);
      }
    });
  }

  private static String signature(Method method) {
    return method.getName() + "/" + method.getParameterCount();
  }

  /** All rows of all tables that say whose they are. */
  private Map<String, List<String>> everythingTheirs() {
    long number =
        world.database.read(handle ->
            handle
                .createQuery("SELECT id FROM namespace_ref WHERE namespace_id = :id")
                .bind("id", theirs.id().text())
                .mapTo(long.class)
                .one());
    Map<String, List<String>> everything = new TreeMap<>();
    for (String table :
        List.of(
            "api_key",
            "key_verifier",
            "audit",
            "audit_head",
            "policy",
            "policy_binding",
            "spend_baseline",
            "kept_answer",
            "stored_response")) {
      everything.put(table, rows(table, "namespace_id = '" + theirs.id() + "'"));
    }
    for (String table : List.of("request_row", "usage_15m", "usage_key_15m", "key_ref")) {
      everything.put(table, rows(table, "ns = " + number));
    }
    return everything;
  }

  private List<String> rows(String table, String condition) {
    return world.database.read(handle ->
        handle
            .createQuery("SELECT * FROM " + table + " WHERE " + condition)
            .map((rows, context) -> {
              StringBuilder text = new StringBuilder();
              for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                text.append(Arrays.toString(rows.getBytes(i))).append(rows.getString(i));
              }
              return text.toString();
            })
            .list());
  }
}
