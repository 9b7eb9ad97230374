package io.bitrouter.it.sequence;

import io.bitrouter.it.sequence.RuleModel.ModelKey;
import io.bitrouter.it.sequence.RuleModel.Rule;
import io.bitrouter.it.sequence.RuleModel.Space;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Everything that the node keeps of some namespaces, as its API tells it, against the reference.
 *
 * @param model the reference
 * @param asking what is asked; the newest key of each namespace that lives has every scope
 */
record WholeStore(RuleModel model, Asking asking) {

  private static final String ME = "GET /v1/namespaces/me/";
  private static final int PAGE = 100;

  /** Fails with the first thing that is not as the reference has it. */
  void compare() {
    model.spaces.stream().filter(space -> !space.deleted).forEach(this::compare);
    JsonNode groups = get(Front.OPERATOR, "GET /v1/node/usage?group_by=namespace").path("groups");
    for (Space space : model.spaces) {
      JsonNode own = MissingNode.getInstance();
      for (JsonNode group : groups) {
        own = group.path("namespace_id").asString().equals(space.id) ? group : own;
      }
      asking.same("deleted " + space.id, own.path("deleted").asBoolean(false), space.deleted);
      asking.same("name of " + space.id, own.path("name").asString(""), space.name);
      usage("the operator's view of " + space.id, own, space);
    }
  }

  private void compare(Space space) {
    String token = space.keys.getLast().token;
    Map<String, String> keys = new TreeMap<>();
    for (JsonNode key : get(token, ME + "keys").path("data")) {
      keys.put(
          key.path("id").asString(),
          key.path("parent_id").asString("") + (key.path("revoked_at").isString() ? " gone" : ""));
    }
    Map<String, String> expectedKeys = new TreeMap<>();
    for (ModelKey key : space.keys) {
      expectedKeys.put(
          key.id, key.parent.map(parent -> parent.id).orElse("") + (key.revoked ? " gone" : ""));
    }
    asking.same("keys of " + space.id, keys, expectedKeys);
    rules(space, token);
    // A flood of denials is folded and written within a second or two.
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .pollDelay(Duration.ZERO)
        .untilAsserted(() -> rows(space, token));
    usage("usage of " + space.id, get(token, ME + "usage"), space);
    asking.same(
        "audit of " + space.id, get(token, ME + "audit/verify").path("ok").asBoolean(false), true);
  }

  private void rules(Space space, String token) {
    Map<String, String> rules = new TreeMap<>();
    for (JsonNode rule : get(token, ME + "policies").path("data")) {
      rules.put(
          rule.path("id").asString(),
          rule.path("kind").asString() + (rule.path("disabled_at").isString() ? " off" : ""));
    }
    Map<String, String> expectedRules = new TreeMap<>();
    space.rules.forEach(
        rule -> expectedRules.put(rule.id, rule.spec.kind() + (rule.enabled ? "" : " off")));
    asking.same("policies of " + space.id, rules, expectedRules);
    for (Rule rule : space.rules) {
      Map<String, String> bindings = new TreeMap<>();
      for (JsonNode one : get(token, ME + "policies/" + rule.id + "/bindings").path("data")) {
        bindings.put(one.path("principal_id").asString(), one.path("id").asString());
      }
      asking.same("bindings of " + rule.id, bindings, new TreeMap<>(rule.bindings));
      if (rule.spec.kind().equals("budget")) {
        standings(space, rule, token);
      }
    }
  }

  private void standings(Space space, Rule rule, String token) {
    Map<String, String> settled = new TreeMap<>();
    for (JsonNode one : get(token, ME + "budgets/" + rule.id + "/status").path("bindings")) {
      settled.put(
          one.path("principal_id").asString(),
          one.path("settled_micro_usd").asLong(-1)
              + " and "
              + one.path("reserved_micro_usd").asLong(-1));
    }
    Map<String, String> expected = new TreeMap<>();
    rule.bindings
        .keySet()
        .forEach(id -> expected.put(id, RuleModel.spent(space, id) / 1_000 + " and 0"));
    asking.same("standing of " + rule.id, settled, expected);
  }

  /** How many rows of each kind each key has, and what they charge. */
  private void rows(Space space, String token) {
    Map<String, Long> rows = new TreeMap<>();
    String cursor = "";
    do {
      JsonNode page = get(token, ME + "requests?limit=" + PAGE + cursor);
      for (JsonNode row : page.path("data")) {
        String key = row.path("key_id").asString();
        rows.merge(
            key + " " + row.path("status").asString() + " " + row.path("code").asString(""),
            row.path("repeat_count").asLong(1),
            Long::sum);
        rows.merge(key + " nano-USD", row.path("charge_nano_usd").asLong(0), Long::sum);
      }
      cursor =
          page.path("next_cursor").isString()
              ? "&cursor=" + page.path("next_cursor").asString()
              : "";
    } while (!cursor.isEmpty());
    rows.values().removeIf(count -> count == 0);
    Map<String, Long> expected = new TreeMap<>();
    for (ModelKey key : space.keys) {
      expected.put(key.id + " succeeded ", key.answered);
      expected.put(key.id + " nano-USD", key.answered * RuleModel.CHARGE);
      key.denied.forEach((code, count) -> expected.put(key.id + " denied " + code, count));
    }
    expected.values().removeIf(count -> count == 0);
    asking.same("rows of " + space.id, rows, expected);
  }

  private void usage(String what, JsonNode usage, Space space) {
    long micros = space.keys.stream().mapToLong(k -> k.answered * RuleModel.CHARGE / 1_000).sum();
    long answered = space.keys.stream().mapToLong(key -> key.answered).sum();
    long denied =
        space.keys.stream()
            .flatMap(key -> key.denied.values().stream())
            .mapToLong(count -> count)
            .sum();
    asking.same(what + ", spend", usage.path("spend_micro_usd").asLong(-1), micros);
    asking.same(what + ", requests", usage.path("request_count").asLong(-1), answered);
    asking.same(what + ", denied", usage.path("denied_count").asLong(-1), denied);
  }

  private JsonNode get(String token, String line) {
    return asking.json(token, line, "", Expected.OK);
  }
}
