package io.bitrouter.it.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.Ledger;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.TestKey;
import tools.jackson.databind.JsonNode;

/**
 * A namespace that one test works in.
 *
 * @param client with its key
 * @param ledger its books
 * @param key the key
 */
record Tenant(ControlClient client, Ledger ledger, TestKey key) {

  /** Sends a request. */
  Reply post(String path, String body) {
    return client.post(path, body);
  }

  /** The same where the answer must break off. */
  Reply postCut(String path, String body) {
    return client.postCut(path, body);
  }

  /** Binds a policy to the key; returns its id. */
  String policy(String kind, String spec) {
    return client
        .post(
            "/v1/namespaces/me/policies",
            """
            {"name":"a %s","kind":"%s","spec":%s,\
            "bind":{"principal_type":"api_key","principal_id":"%s"}}\
            """
                .formatted(kind, kind, spec, key.id()))
        .mustBe(200)
        .json()
        .path("id")
        .asString();
  }

  /** Binds a budget to the key; returns its id. */
  String budget(String mode, long limitMicroUsd) {
    return policy(
        "budget",
        "{\"window\":\"day\",\"limit_micro_usd\":%d,\"mode\":\"%s\"}"
            .formatted(limitMicroUsd, mode));
  }

  /** What a budget holds and has been charged, micro-USD. */
  void mustHold(String budget, long reserved, long settled) {
    JsonNode status =
        client.get("/v1/namespaces/me/budgets/" + budget + "/status").mustBe(200).json();
    assertThat(
            status.path("reserved_micro_usd").asLong(-1)
                + " "
                + status.path("settled_micro_usd").asLong(-1))
        .as("held and charged by %s", status)
        .isEqualTo(reserved + " " + settled);
  }
}
