package io.bitrouter.it.sequence;

import io.bitrouter.it.sequence.RuleModel.ModelKey;
import io.bitrouter.it.sequence.RuleModel.Power;
import io.bitrouter.it.sequence.RuleModel.Rule;
import io.bitrouter.it.sequence.RuleModel.Space;
import io.bitrouter.it.sequence.RuleModel.Spec;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.TestKey;
import io.bitrouter.testkit.Walk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One random sequence in three namespaces of one node. Whoever asks, and about what, is drawn from
 * everything there ever was: revoked keys, rotated tokens, deleted namespaces, others' ids.
 */
final class RandomSequence {

  private static final String ME = " /v1/namespaces/me/";
  private static final String NODE = " /v1/node/namespaces";
  private static final List<String> MODELS = List.of("fake-chat", "alias-chat");

  private final RuleModel model = new RuleModel();
  private final Asking asking;
  private final Walk walk;
  private final String run;

  RandomSequence(Front front, Walk walk, Set<String> outcomes) {
    this.asking = new Asking(front, walk, outcomes);
    this.walk = walk;
    this.run = "seq-" + Long.toUnsignedString(System.nanoTime(), 36) + "-";
  }

  /** Does so many things, and compares the whole store at the end. */
  void run(int steps) {
    for (String name : List.of("a", "b", "c")) {
      Space space = new Space(created(run + name), run + name);
      model.spaces.add(space);
      issue(space);
    }
    for (int i = 0; i < steps; i++) {
      step();
    }
    for (Space space : model.spaces) {
      if (!space.deleted) {
        issue(space);
      }
    }
    new WholeStore(model, asking).compare();
  }

  private String created(String name) {
    return asking
        .json(Front.OPERATOR, "POST" + NODE, "{\"name\":\"" + name + "\"}", Expected.OK)
        .path("id")
        .asString();
  }

  /** An operator makes a key for a namespace. */
  private void issue(Space space) {
    JsonNode minted =
        asking.json(
            Front.OPERATOR,
            "POST" + NODE + "/" + space.id + "/keys",
            wanted(Power.EVERYTHING),
            space.deleted ? Expected.NOT_FOUND : Expected.OK);
    if (!space.deleted) {
      known(space, minted, Optional.empty(), Power.EVERYTHING);
    }
  }

  private static void known(Space space, JsonNode minted, Optional<ModelKey> parent, Power power) {
    new ModelKey(
        space, minted.path("id").asString(), parent, power, minted.path("token").asString());
  }

  private static String wanted(Power power) {
    List<String> scopes =
        switch (power) {
          case EVERYTHING -> TestKey.ALL_SCOPES;
          case INFERENCE -> List.of("inference:invoke");
          case READING -> List.of("keys:read", "policy:read", "usage:read");
        };
    return JsonMapper.shared()
        .writeValueAsString(Map.of("display_name", "a key", "scopes", scopes));
  }

  private void step() {
    ModelKey key = someKey();
    boolean former = key.formerToken.isPresent() && walk.oneIn(4);
    Actor actor = new Actor(key, former);
    switch (walk.below(32)) {
      case 0, 1, 2 -> mint(actor);
      case 3, 4, 5 -> create(actor);
      case 6, 7, 8 -> bind(actor);
      case 9, 10 -> unbind(actor);
      case 11, 12, 13 -> enable(actor);
      case 14 -> rotate(actor);
      case 15 -> revoke(actor);
      case 16 -> rename();
      case 17 -> seldom();
      case 18 -> listKeys(actor);
      case 19 -> listPolicies(actor);
      case 20 -> effective(actor);
      case 21 -> elsewhere(actor);
      default -> infer(actor);
    }
  }

  /** Who asks, and with which of its tokens. */
  private record Actor(ModelKey key, boolean former) {
    String token() {
      return former ? key.formerToken.orElseThrow() : key.token;
    }

    Expected mayChange() {
      return RuleModel.mayChange(key, former);
    }

    Expected mayRead() {
      return RuleModel.mayRead(key, former);
    }
  }

  /** A key: mostly one that lives, so that sequences do not die out. */
  private ModelKey someKey() {
    List<ModelKey> living =
        model.keys().stream().filter(key -> !key.revoked && !key.space.deleted).toList();
    return living.isEmpty() || walk.oneIn(8) ? walk.oneOf(model.keys()) : walk.oneOf(living);
  }

  /** A policy: mostly one of the asker's own namespace. */
  private Optional<Rule> someRule(ModelKey key) {
    List<Rule> all = walk.oneIn(8) ? model.rules() : key.space.rules;
    return all.isEmpty() ? Optional.empty() : Optional.of(walk.oneOf(all));
  }

  /** A key's id, or the namespace: mostly of the asker's own namespace. */
  private String somePrincipal(Space own) {
    Space space = walk.oneIn(8) ? walk.oneOf(model.spaces) : own;
    return walk.oneIn(4) || space.keys.isEmpty() ? space.id : walk.oneOf(space.keys).id;
  }

  private static String principal(String id) {
    return "\"principal_type\":\"%s\",\"principal_id\":\"%s\""
        .formatted(id.startsWith("ns_") ? "namespace" : "api_key", id);
  }

  private static boolean hasPrincipal(Space space, String id) {
    return space.id.equals(id) || space.keys.stream().anyMatch(key -> key.id.equals(id));
  }

  // --- what is done -----------------------------------------------------------------------------

  private void infer(Actor actor) {
    String asked = walk.oneOf(MODELS);
    boolean streamed = walk.oneIn(2);
    String body =
        """
        {"model":"%s","max_tokens":%d,"stream":%s,"messages":[{"role":"user","content":"hi"}]}\
        """
            .formatted(asked, RuleModel.MAX_TOKENS, streamed);
    ModelKey key = actor.key();
    Expected expected = model.inference(key, actor.former(), asked, body.length());
    Reply reply = asking.ask(actor.token(), "POST /v1/chat/completions", body, expected);
    if (expected.ok()) {
      key.answered++;
      asking.same("a stream", reply.text().contains("[DONE]"), streamed);
    } else if (expected.status() != 401) {
      key.denied.merge(expected.code(), 1L, Long::sum);
    }
  }

  private void mint(Actor actor) {
    Power power = walk.oneOf(List.of(Power.values()));
    Expected expected = actor.mayChange();
    if (expected.ok() && !actor.key().power.covers(power)) {
      expected = Expected.FORBIDDEN;
    }
    JsonNode minted = asking.json(actor.token(), "POST" + ME + "keys", wanted(power), expected);
    if (expected.ok()) {
      known(actor.key().space, minted, Optional.of(actor.key()), power);
    }
  }

  private void rotate(Actor actor) {
    ModelKey target = walk.oneIn(3) ? actor.key() : someKey();
    boolean overlap = walk.oneIn(2);
    Expected expected = actor.mayChange();
    if (expected.ok()) {
      expected =
          target.space != actor.key().space
              ? Expected.NOT_FOUND
              : !target.line().contains(actor.key())
                  ? Expected.FORBIDDEN
                  : target.revoked ? Expected.CONFLICT : Expected.OK;
    }
    JsonNode rotated =
        asking.json(
            actor.token(),
            "POST" + ME + "keys/" + target.id + "/rotate",
            "{\"overlap_secs\":" + (overlap ? 3_600 : 0) + "}",
            expected);
    if (expected.ok()) {
      asking.same("the rotated key", rotated.path("id").asString(), target.id);
      target.formerToken = Optional.of(target.token);
      target.formerWorks = overlap;
      target.token = rotated.path("token").asString();
    }
  }

  private void revoke(Actor actor) {
    ModelKey target = someKey();
    boolean cascade = walk.oneIn(2);
    Expected expected = actor.mayChange();
    if (expected.ok() && target.space != actor.key().space) {
      expected = Expected.NOT_FOUND;
    }
    JsonNode answer =
        asking.json(
            actor.token(),
            "DELETE" + ME + "keys/" + target.id + "?cascade=" + cascade,
            "",
            expected);
    if (expected.ok()) {
      List<ModelKey> below =
          target.space.keys.stream()
              .filter(key -> cascade && key != target && key.line().contains(target))
              .filter(key -> !key.revoked)
              .toList();
      asking.same(
          "revoked descendants",
          answer.path("revoked_descendants").asLong(-1),
          (long) below.size());
      below.forEach(key -> key.revoked = true);
      target.revoked = true;
    }
  }

  private void create(Actor actor) {
    Spec spec = someSpec();
    Optional<String> bound =
        walk.oneIn(3) ? Optional.empty() : Optional.of(somePrincipal(actor.key().space));
    Expected expected = actor.mayChange();
    if (expected.ok() && bound.isPresent() && !hasPrincipal(actor.key().space, bound.get())) {
      expected = Expected.NOT_FOUND;
    }
    String bind = bound.map(id -> ",\"bind\":{" + principal(id) + "}").orElse("");
    JsonNode policy =
        asking.json(
            actor.token(),
            "POST" + ME + "policies",
            "{\"name\":\"a rule\",\"kind\":\"%s\",\"spec\":%s%s}"
                .formatted(spec.kind(), spec.json(), bind),
            expected);
    if (expected.ok()) {
      Rule rule = new Rule(actor.key().space, policy.path("id").asString(), spec);
      bound.ifPresent(id -> rule.bindings.put(id, policy.path("binding_id").asString()));
    }
  }

  private Spec someSpec() {
    if (walk.oneIn(2)) {
      String denied = walk.oneOf(MODELS);
      return new Spec("guardrail", denied, 0, "{\"model_deny\":[\"" + denied + "\"]}");
    }
    long limit = 90 + walk.below(150);
    String mode = walk.oneIn(2) ? "strict" : "metered";
    return new Spec(
        "budget",
        "",
        limit,
        "{\"window\":\"day\",\"limit_micro_usd\":%d,\"mode\":\"%s\"}".formatted(limit, mode));
  }

  private void bind(Actor actor) {
    Optional<Rule> rule = someRule(actor.key());
    if (rule.isEmpty()) {
      return;
    }
    Space space = actor.key().space;
    String to = somePrincipal(space);
    Expected expected = actor.mayChange();
    if (expected.ok() && (rule.get().space != space || !hasPrincipal(space, to))) {
      expected = Expected.NOT_FOUND;
    }
    JsonNode bound =
        asking.json(
            actor.token(),
            "POST" + ME + "policies/" + rule.get().id + "/bind",
            "{" + principal(to) + "}",
            expected);
    if (expected.ok()) {
      String id = bound.path("binding_id").asString();
      asking.same("the binding", id, rule.get().bindings.getOrDefault(to, id));
      rule.get().bindings.put(to, id);
    }
  }

  private void unbind(Actor actor) {
    Optional<Rule> rule = someRule(actor.key());
    if (rule.isEmpty() || rule.get().bindings.isEmpty()) {
      return;
    }
    String from = walk.oneOf(List.copyOf(rule.get().bindings.keySet()));
    String id = rule.get().bindings.get(from);
    Expected expected = actor.mayChange();
    if (expected.ok() && rule.get().space != actor.key().space) {
      expected = Expected.NOT_FOUND;
    }
    String line = "DELETE" + ME + "policies/" + rule.get().id + "/bind/" + id;
    asking.ask(actor.token(), line, "", expected);
    if (expected.ok()) {
      rule.get().bindings.remove(from);
      asking.ask(actor.token(), line, "", Expected.NOT_FOUND);
    }
  }

  private void enable(Actor actor) {
    Optional<Rule> rule = someRule(actor.key());
    if (rule.isEmpty()) {
      return;
    }
    boolean on = walk.oneIn(2);
    Expected expected = actor.mayChange();
    if (expected.ok() && rule.get().space != actor.key().space) {
      expected = Expected.NOT_FOUND;
    }
    JsonNode answer =
        asking.json(
            actor.token(),
            "POST" + ME + "policies/" + rule.get().id + (on ? "/enable" : "/disable"),
            "",
            expected);
    if (expected.ok()) {
      asking.same("disabled", answer.path("disabled").asBoolean(on), !on);
      rule.get().enabled = on;
    }
  }

  private void rename() {
    Space space = walk.oneOf(model.spaces);
    String name = run + walk.oneOf(List.of("a", "b", "c", "d", "e"));
    boolean taken =
        model.spaces.stream()
            .anyMatch(other -> other != space && !other.deleted && other.name.equals(name));
    Expected expected =
        space.deleted ? Expected.NOT_FOUND : taken ? Expected.CONFLICT : Expected.OK;
    asking.ask(
        Front.OPERATOR, "PATCH" + NODE + "/" + space.id, "{\"name\":\"" + name + "\"}", expected);
    if (expected.ok()) {
      space.name = name;
    }
  }

  /** Mostly another key from the operator; sometimes the end of a namespace. */
  private void seldom() {
    Space space = walk.oneOf(model.spaces);
    if (!walk.oneIn(6)) {
      issue(space);
      return;
    }
    JsonNode answer =
        asking.json(
            Front.OPERATOR,
            "DELETE" + NODE + "/" + space.id,
            "",
            space.deleted ? Expected.NOT_FOUND : Expected.OK);
    if (!space.deleted) {
      asking.same("revoked keys", answer.path("revoked_keys").asLong(-1), space.living());
      space.deleted = true;
    }
  }

  // --- what is seen -----------------------------------------------------------------------------

  private void listKeys(Actor actor) {
    Expected expected = actor.mayRead();
    JsonNode list = asking.json(actor.token(), "GET" + ME + "keys", "", expected);
    if (expected.ok()) {
      Set<String> ids = new TreeSet<>();
      actor.key().space.keys.forEach(key -> ids.add(key.id));
      asking.same("the keys that are seen", ids(list), ids);
    }
  }

  private void listPolicies(Actor actor) {
    Expected expected = actor.mayRead();
    JsonNode list = asking.json(actor.token(), "GET" + ME + "policies", "", expected);
    if (expected.ok()) {
      Set<String> ids = new TreeSet<>();
      actor.key().space.rules.forEach(rule -> ids.add(rule.id));
      asking.same("the policies that are seen", ids(list), ids);
    }
  }

  private void effective(Actor actor) {
    ModelKey about = walk.oneIn(8) ? someKey() : walk.oneOf(actor.key().space.keys);
    Expected expected = actor.mayRead();
    if (expected.ok() && about.space != actor.key().space) {
      expected = Expected.NOT_FOUND;
    }
    JsonNode rules =
        asking.json(
            actor.token(),
            "GET" + ME + "policies/effective?principal_type=api_key&principal_id=" + about.id,
            "",
            expected);
    if (expected.ok()) {
      List<String> said = new ArrayList<>();
      rules.findValues("policy_id").forEach(id -> said.add(id.asString()));
      Set<String> applicable = new TreeSet<>();
      model.applicable(about).forEach(rule -> applicable.add(rule.id));
      asking.same("what applies to " + about.id, new TreeSet<>(said), applicable);
    }
  }

  /** Another namespace by its id: as if it were not there, whatever the key may do in its own. */
  private void elsewhere(Actor actor) {
    Space space = walk.oneOf(model.spaces);
    Expected expected = RuleModel.authenticated(actor.key(), actor.former());
    if (expected.ok()) {
      expected = space != actor.key().space ? Expected.NOT_FOUND : actor.mayRead();
    }
    asking.ask(actor.token(), "GET /v1/namespaces/" + space.id + "/policies", "", expected);
  }

  private static Set<String> ids(JsonNode list) {
    Map<String, JsonNode> ids = new TreeMap<>();
    list.path("data").forEach(one -> ids.put(one.path("id").asString(), one));
    return new TreeSet<>(ids.keySet());
  }
}
