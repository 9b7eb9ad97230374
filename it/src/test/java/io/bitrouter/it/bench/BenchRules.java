package io.bitrouter.it.bench;

import io.bitrouter.testkit.ControlClient;
import java.util.List;

/** The rules of the legs that have some: every request has to pass all of them, and does. */
final class BenchRules {

  private static final List<String> POLICIES =
      List.of(
          """
          "kind":"budget","spec":{"window":"day","limit_micro_usd":1000000000000}
          """,
          """
          "kind":"budget","spec":{"window":"total","limit_micro_usd":1000000000000}
          """,
          """
          "kind":"rate_limit","spec":{"window_secs":60,"max_requests":1000000000}
          """,
          """
          "kind":"rate_limit","spec":{"window_secs":3600,"max_tokens":1000000000000,\
          "count":"actual"}
          """,
          """
          "kind":"guardrail","spec":{"max_request_tokens":4096,\
          "model_allow":["fakeai/*","fakeant/*","openai/gpt-4o"],\
          "model_deny":["openai/o1*","fakeai/secret","anthropic:claude-opus-4"]}
          """);

  private BenchRules() {}

  /** Binds them to the namespace of {@code client}'s key. */
  static void bind(ControlClient client) {
    for (int i = 0; i < POLICIES.size(); i++) {
      client
          .post(
              "/v1/namespaces/me/policies",
              """
              {"name":"bench %d",%s,"bind":{"principal_type":"namespace","principal_id":"me"}}
              """
                  .formatted(i, POLICIES.get(i)))
          .mustBe(200);
    }
  }
}
