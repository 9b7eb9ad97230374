package io.bitrouter.cli;

import io.bitrouter.wire.control.Budgets.BudgetDraft;
import io.bitrouter.wire.control.Budgets.BudgetInfo;
import io.bitrouter.wire.control.Budgets.BudgetStatus;
import io.bitrouter.wire.control.Keys.ApiKeyInfo;
import io.bitrouter.wire.control.Keys.ApiKeyList;
import io.bitrouter.wire.control.Keys.BlastRadius;
import io.bitrouter.wire.control.Keys.MintKey;
import io.bitrouter.wire.control.Keys.MintedKey;
import io.bitrouter.wire.control.Namespaces.NamespaceDraft;
import io.bitrouter.wire.control.Namespaces.NamespaceInfo;
import io.bitrouter.wire.control.NodeFile;
import io.bitrouter.wire.control.Policies.PolicyDraft;
import io.bitrouter.wire.control.Policies.PrincipalRef;
import io.bitrouter.wire.control.RawJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A rehearsed theft on a node of its own: what the thief of a narrow key tries over HTTP, what
 * stops each, what it costs. Every line is measured; one attempt that is not stopped fails the
 * demo.
 */
final class Demo {
  private static final long CAP_MICRO_USD = 20_000;
  private static final String CHAT = "/v1/chat/completions";
  private static final String FREE_MODEL = "sim/echo";
  private static final String FORBIDDEN_MODEL = "sim/lorem";
  private static final String NARROW =
      "inference:invoke keys:read keys:write policy:read usage:read";
  private static final String WIDE = NARROW + " policy:write";

  private final Cli cli;
  private final NodeFile node;
  private final Api operator;
  private final List<Attempt> attempts = new ArrayList<>();

  /**
   * What the thief tried.
   *
   * @param stoppedBy what the node answered
   * @param stopped whether that was the refusal it had to be, and nothing was changed
   */
  private record Attempt(String tried, String stoppedBy, long costMicroUsd, boolean stopped) {}

  /** A namespace with the key of its owner. */
  private record Owner(NamespaceInfo namespace, MintedKey key, Api api) {}

  /** The scene of the crime. */
  private record Scene(
      Owner victim,
      Owner neighbour,
      String foreignPolicy,
      String leakedId,
      Thief thief,
      String budgetId) {}

  /**
   * A demo on a node that is there for nothing else.
   *
   * @param operatorToken its root credential
   */
  Demo(Cli cli, NodeFile node, String operatorToken) {
    this.cli = cli;
    this.node = node;
    this.operator = cli.api(node.endpoint(), operatorToken);
  }

  /**
   * Runs it.
   *
   * @throws Failure when something was not stopped
   */
  void run() {
    Scene scene = scene();
    say("A throw-away node with two namespaces, acme and globex. A narrow key of acme has leaked:");
    say(
        "it may call models and see and mint keys, under a strict cap of "
            + Texts.money(CAP_MICRO_USD)
            + " a day. The thief");
    foreignIds(scene);
    widen(scene);
    forbiddenModel(scene);
    burst(scene);
    nodeAdmin(scene);
    BlastRadius radius =
        Api.read(
            scene
                .victim()
                .api()
                .get("/v1/namespaces/me/keys/" + scene.leakedId() + "/blast-radius"),
            BlastRadius.class);
    long spent = spent(scene);
    revoke(scene);
    boolean unharmed = scene.neighbour().api().whoAmI().id().equals(scene.neighbour().key().id());
    conclude(radius, spent, unharmed);
  }

  private void say(String line) {
    if (!cli.output().json()) {
      cli.output().line(line);
    }
  }

  private Scene scene() {
    Owner victim = owner("acme");
    Owner neighbour = owner("globex");
    String foreign = budget(neighbour.api(), Principals.OWN_NAMESPACE);
    MintedKey leaked =
        Api.read(
            post(victim.api(), "/v1/namespaces/me/keys", mint("leaked", NARROW)), MintedKey.class);
    PrincipalRef thief = new PrincipalRef("api_key", leaked.id());
    RawJson rule = new RawJson("{\"model_deny\":[\"" + FORBIDDEN_MODEL + "\"]}");
    post(
        victim.api(),
        PolicyCommand.PATH,
        new PolicyDraft("no-lorem", "guardrail", rule, Optional.of(thief)));
    return new Scene(
        victim,
        neighbour,
        foreign,
        leaked.id(),
        new Thief(cli.api(node.endpoint(), leaked.token())),
        budget(victim.api(), thief));
  }

  private Owner owner(String name) {
    NamespaceInfo namespace =
        Api.read(
            post(operator, "/v1/node/namespaces", new NamespaceDraft(name)), NamespaceInfo.class);
    MintedKey key =
        Api.read(
            post(operator, NamespaceCommand.path(namespace) + "/keys", mint(name + "-owner", WIDE)),
            MintedKey.class);
    return new Owner(namespace, key, cli.api(node.endpoint(), key.token()));
  }

  private static MintKey mint(String name, String scopes) {
    return new MintKey(name, List.of(scopes.split(" ")), Optional.empty());
  }

  private static String budget(Api api, PrincipalRef principal) {
    BudgetDraft draft =
        new BudgetDraft(
            "cap",
            "day",
            CAP_MICRO_USD,
            Optional.empty(),
            Optional.of("strict"),
            Optional.empty(),
            Optional.of(principal));
    return Api.read(post(api, BudgetCommand.PATH, draft), BudgetInfo.class).id();
  }

  private static byte[] post(Api api, String path, Object body) {
    return api.write("POST", path, new Writing(), Optional.of(body));
  }

  private static long spent(Scene scene) {
    String path = BudgetCommand.PATH + "/" + scene.budgetId() + "/status";
    return Api.read(scene.victim().api().get(path), BudgetStatus.class).settledMicroUsd();
  }

  private void foreignIds(Scene scene) {
    Thief thief = scene.thief();
    String foreign = "/v1/namespaces/" + scene.neighbour().namespace().id();
    String key = "/v1/namespaces/me/keys/" + scene.neighbour().key().id();
    List<Thief.Answer> answers =
        List.of(
            thief.send("GET", foreign + "/keys"),
            thief.send("GET", foreign + "/usage"),
            thief.send("GET", key),
            thief.send("DELETE", key),
            thief.send("GET", PolicyCommand.PATH + "/" + scene.foreignPolicy()));
    attempt("reads globex, and uses globex's ids as if they were its own", 404, answers, scene);
  }

  private void widen(Scene scene) {
    List<String> before = keys(scene.victim());
    String cap = BudgetCommand.PATH + "/" + scene.budgetId();
    List<Thief.Answer> answers =
        List.of(
            scene.thief().send("POST", "/v1/namespaces/me/keys", mint("wider", WIDE)),
            scene.thief().send("PUT", cap, Map.of("limit_micro_usd", 1000 * CAP_MICRO_USD)));
    if (!before.equals(keys(scene.victim()))) {
      answers = List.of(new Thief.Answer(200, "a key that was not there"));
    }
    attempt("mints itself a wider key, and raises its own cap", 403, answers, scene);
  }

  private static List<String> keys(Owner owner) {
    return Api.read(owner.api().get("/v1/namespaces/me/keys"), ApiKeyList.class).data().stream()
        .map(ApiKeyInfo::id)
        .toList();
  }

  private void forbiddenModel(Scene scene) {
    List<Thief.Answer> answers = List.of(scene.thief().send("POST", CHAT, chat(FORBIDDEN_MODEL)));
    attempt(
        "calls " + FORBIDDEN_MODEL + ", which a guardrail denies this key", 403, answers, scene);
  }

  /** Costs half a thousandth of a dollar, nearly all of it output. */
  private static Map<String, Object> chat(String model) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model", model);
    body.put("max_tokens", 500);
    body.put("messages", List.of(Map.of("role", "user", "content", "Everything, please.")));
    body.put("x_sim", Map.of("output_tokens", 500));
    return body;
  }

  private void burst(Scene scene) {
    List<Thief.Answer> answers = scene.thief().burst(CHAT, chat(FREE_MODEL));
    long answered = answers.stream().filter(one -> one.status() == 200).count();
    Optional<Thief.Answer> refusal = answers.stream().filter(one -> one.status() == 402).findAny();
    long cost = spent(scene);
    add(
        new Attempt(
            "spends as fast as it can, eight requests at a time",
            "%s, after %d answers"
                .formatted(refusal.map(Object::toString).orElse("nothing"), answered),
            cost,
            refusal.isPresent() && answered > 0 && cost > 0 && cost <= CAP_MICRO_USD));
  }

  private void nodeAdmin(Scene scene) {
    List<Thief.Answer> answers =
        List.of(
            scene.thief().send("GET", "/v1/node/namespaces"),
            scene.thief().send("GET", "/v1/node/usage?group_by=namespace"),
            scene.thief().send("POST", "/v1/node/namespaces", new NamespaceDraft("loot")));
    attempt("asks the node for all namespaces, and for one more", 403, answers, scene);
  }

  private void revoke(Scene scene) {
    String key = "/v1/namespaces/me/keys/" + scene.leakedId();
    scene.victim().api().write("DELETE", key, new Writing(), Optional.empty());
    List<Thief.Answer> answers = List.of(scene.thief().send("POST", CHAT, chat(FREE_MODEL)));
    attempt("goes on, the very request after acme revoked the key", 401, answers, scene);
  }

  /** Notes an attempt of which every answer had to be of that status and nothing may have cost. */
  private void attempt(String tried, int expected, List<Thief.Answer> answers, Scene scene) {
    long cost = spent(scene) - attempts.stream().mapToLong(Attempt::costMicroUsd).sum();
    Optional<Thief.Answer> other =
        answers.stream().filter(one -> one.status() != expected).findFirst();
    String shown = other.orElse(answers.getFirst()).toString();
    add(
        new Attempt(
            tried,
            answers.size() > 1 ? shown + " (%d times)".formatted(answers.size()) : shown,
            cost,
            other.isEmpty() && cost == 0));
  }

  private void add(Attempt last) {
    attempts.add(last);
    say("");
    say("%d. %s".formatted(attempts.size(), last.tried()));
    say("   %s %s".formatted(last.stopped() ? "stopped by" : "NOT STOPPED:", last.stoppedBy()));
    say("   cost: " + Texts.money(last.costMicroUsd()));
  }

  private void conclude(BlastRadius radius, long spent, boolean unharmed) {
    boolean contained = unharmed && attempts.stream().allMatch(Attempt::stopped);
    String sentence =
        "%s: the leaked key could reach one namespace of two and %s, could spend %s and spent %s"
            .formatted(
                contained ? "contained" : "breached",
                radius.models().isEmpty() ? "no model" : String.join(", ", radius.models()),
                Texts.money(CAP_MICRO_USD),
                Texts.money(spent));
    if (cli.output().json()) {
      Map<String, @Nullable Object> shown = new LinkedHashMap<>();
      shown.put("contained", contained);
      shown.put("sentence", sentence);
      shown.put("attempts", attempts.stream().map(Demo::object).toList());
      cli.output().object(shown);
    } else {
      say("");
      say(sentence);
    }
    if (!contained) {
      throw Failure.of(Exit.FAILURE, "not everything was stopped");
    }
  }

  private static Map<String, Object> object(Attempt attempt) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("tried", attempt.tried());
    shown.put("stopped_by", attempt.stoppedBy());
    shown.put("cost_micro_usd", attempt.costMicroUsd());
    shown.put("stopped", attempt.stopped());
    return shown;
  }
}
