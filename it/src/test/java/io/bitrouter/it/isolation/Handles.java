package io.bitrouter.it.isolation;

import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.node.http.Route;
import io.bitrouter.node.http.Route.IdKind;
import io.bitrouter.testkit.ControlClient;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Ids of every kind: one's own, a neighbour's, nobody's. Own ones are made fresh each time. */
final class Handles {

  private static final String TO_THE_NAMESPACE = bind("namespace", "me");

  private final ControlClient own;
  private final ControlClient operator;
  private final ControlClient foreign;
  private final Random random = new Random(1);
  private final AtomicInteger counter = new AtomicInteger();
  private final String foreignRequest;
  private final String foreignResponse;
  private String policy = "";
  private String namespace = "";

  /** With a response that the neighbour has stored. */
  Handles(
      ControlClient own, ControlClient operator, ControlClient foreign, String foreignResponse) {
    this.foreignResponse = foreignResponse;
    this.own = own;
    this.operator = operator;
    this.foreign = foreign;
    // The balance is reckoned from it.
    budgetOf(own, TO_THE_NAMESPACE);
    this.foreignRequest =
        foreign.get("/v1/namespaces/me/requests").mustBe(200).json().at("/data/0/id").asString();
  }

  String own(IdKind kind) {
    return switch (kind) {
      case NAMESPACE -> namespaceOf(own);
      case NODE_NAMESPACE -> {
        namespace = made(operator, "/v1/node/namespaces", "{\"name\":\"" + name() + "\"}");
        yield namespace;
      }
      case KEY, PRINCIPAL -> keyOf(own);
      case MODEL -> "sim/echo";
      case POLICY -> {
        policy = policyOf(own);
        yield policy;
      }
      case BUDGET -> budgetOf(own);
      case PRESET -> presetOf(own);
      case LOCKED_POLICY ->
          made(operator, "/v1/node/namespaces/" + namespace + "/policies", rail(TO_THE_NAMESPACE));
      case BINDING ->
          own.get("/v1/namespaces/me/policies/" + policy + "/bindings")
              .mustBe(200)
              .json()
              .at("/data/0/id")
              .asString();
      case REQUEST -> requestOf(own);
      case STORED_RESPONSE -> responseOf(own);
      case OPERATOR ->
          made(
              operator,
              "/v1/node/credentials",
              "{\"name\":\"" + name() + "\",\"scopes\":[\"node:usage:read\"]}");
      case PRINCIPAL_TYPE -> "api_key";
    };
  }

  String foreign(IdKind kind) {
    return switch (kind) {
      case NAMESPACE, NODE_NAMESPACE -> namespaceOf(foreign);
      case KEY, PRINCIPAL -> keyOf(foreign);
      case MODEL -> "sim/echo";
      case POLICY -> policyOf(foreign);
      case BUDGET -> budgetOf(foreign);
      case PRESET -> presetOf(foreign);
      case BINDING ->
          foreign
              .get("/v1/namespaces/me/policies/" + policyOf(foreign) + "/bindings")
              .mustBe(200)
              .json()
              .at("/data/0/id")
              .asString();
      case REQUEST -> foreignRequest;
      case STORED_RESPONSE -> foreignResponse;
      case LOCKED_POLICY -> policyOf(foreign);
      case OPERATOR -> random(kind);
      case PRINCIPAL_TYPE -> "api_key";
    };
  }

  String random(IdKind kind) {
    Ulid ulid = Ulid.next(random.nextLong(1L << 50), random);
    return switch (kind) {
      case NAMESPACE, NODE_NAMESPACE -> "ns_" + ulid;
      case KEY, PRINCIPAL -> "key_" + ulid;
      case MODEL -> "sim/" + ulid;
      case POLICY, BUDGET, PRESET, LOCKED_POLICY -> "pol_" + ulid;
      case BINDING -> "pb_" + ulid;
      case REQUEST -> "req_" + ulid;
      case STORED_RESPONSE -> "resp_" + ulid;
      case OPERATOR -> "opr_" + ulid;
      case PRINCIPAL_TYPE -> "api_key";
    };
  }

  /**
   * What a route answers to its own caller: of a request that is settled there is nothing to
   * reconcile, and only a crash leaves one that is not.
   */
  int acceptedStatus(Route route) {
    return route.path().text().endsWith("/reconcile") ? 409 : 200;
  }

  /** Query parameters without which a route refuses. */
  String neededQuery(Route route) {
    return route.path().text().endsWith("/policies/effective")
        ? "?principal_type=namespace&principal_id=me"
        : "";
  }

  /** The body with a name that is not taken yet, where it makes something named. */
  String unique(String body) {
    return body.replace("{\"name\":\"example\"}", "{\"name\":\"" + name() + "\"}");
  }

  private String name() {
    return "n-" + counter.incrementAndGet();
  }

  private static String namespaceOf(ControlClient client) {
    return client.get("/v1/credential").mustBe(200).json().path("namespace_id").asString();
  }

  private static String keyOf(ControlClient client) {
    return made(
        client,
        "/v1/namespaces/me/keys",
        "{\"display_name\":\"handle\",\"scopes\":[\"usage:read\"]}");
  }

  /** Bound to a key of its own: what can be bound to one principal has a bound. */
  private static String policyOf(ControlClient client) {
    return made(client, "/v1/namespaces/me/policies", rail(toAKey(client)));
  }

  private static String toAKey(ControlClient client) {
    return bind("api_key", keyOf(client));
  }

  private static String bind(String type, String id) {
    return "\"bind\":{\"principal_type\":\"" + type + "\",\"principal_id\":\"" + id + "\"}";
  }

  private static String rail(String bind) {
    return "{\"name\":\"handle\",\"kind\":\"guardrail\",\"spec\":{}," + bind + "}";
  }

  private static String budgetOf(ControlClient client) {
    return budgetOf(client, toAKey(client));
  }

  private static String budgetOf(ControlClient client, String bind) {
    return made(
        client,
        "/v1/namespaces/me/budgets",
        "{\"name\":\"handle\",\"window\":\"total\",\"limit_micro_usd\":1000000000," + bind + "}");
  }

  private static String presetOf(ControlClient client) {
    return made(
        client, "/v1/namespaces/me/presets", "{\"name\":\"handle\"," + toAKey(client) + "}");
  }

  private static String requestOf(ControlClient client) {
    return client
        .post(
            "/v1/chat/completions",
            "{\"model\":\"sim/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
        .mustBe(200)
        .header("x-request-id")
        .orElseThrow();
  }

  /** The simulator names an answer after its request: each asks something else. */
  private String responseOf(ControlClient client) {
    return made(client, "/v1/responses", "{\"model\":\"sim/echo\",\"input\":\"" + name() + "\"}");
  }

  private static String made(ControlClient client, String path, String body) {
    return client.post(path, body).mustBe(200).json().path("id").asString();
  }
}
