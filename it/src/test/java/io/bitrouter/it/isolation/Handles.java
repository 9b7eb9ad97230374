package io.bitrouter.it.isolation;

import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.node.http.Route.IdKind;
import io.bitrouter.testkit.ControlClient;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Ids of every kind: one's own, a neighbour's, nobody's. Own ones are made fresh each time. */
final class Handles {

  private final ControlClient own;
  private final ControlClient operator;
  private final ControlClient foreign;
  private final Random random = new Random(1);
  private final AtomicInteger counter = new AtomicInteger();

  Handles(ControlClient own, ControlClient operator, ControlClient foreign) {
    this.own = own;
    this.operator = operator;
    this.foreign = foreign;
  }

  String own(IdKind kind) {
    return switch (kind) {
      case NAMESPACE -> namespaceOf(own);
      case NODE_NAMESPACE ->
          operator
              .post("/v1/node/namespaces", "{\"name\":\"" + name() + "\"}")
              .mustBe(200)
              .json()
              .path("id")
              .asString();
      case KEY -> keyOf(own);
      case MODEL -> "sim/echo";
    };
  }

  String foreign(IdKind kind) {
    return switch (kind) {
      case NAMESPACE, NODE_NAMESPACE -> namespaceOf(foreign);
      case KEY -> keyOf(foreign);
      case MODEL -> "sim/echo";
    };
  }

  String random(IdKind kind) {
    Ulid ulid = Ulid.next(random.nextLong(1L << 50), random);
    return switch (kind) {
      case NAMESPACE, NODE_NAMESPACE -> "ns_" + ulid;
      case KEY -> "key_" + ulid;
      case MODEL -> "sim/" + ulid;
    };
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
    return client
        .post("/v1/namespaces/me/keys", "{\"display_name\":\"handle\",\"scopes\":[\"usage:read\"]}")
        .mustBe(200)
        .json()
        .path("id")
        .asString();
  }
}
