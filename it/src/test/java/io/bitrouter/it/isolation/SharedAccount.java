package io.bitrouter.it.isolation;

import static io.bitrouter.it.isolation.KeepingUpstream.CONTENT;
import static io.bitrouter.it.isolation.KeepingUpstream.OBJECT;

import io.bitrouter.it.node.RunningNode;
import io.bitrouter.it.sdk.Vendor;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.FakeUpstream;
import io.bitrouter.testkit.RecordedRequest;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.Sightings;
import io.bitrouter.testkit.TestKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/**
 * A node with two namespaces, a and b, at one upstream: by an account that serves both ({@code
 * model-<protocol>}), and by one that serves b alone ({@code own-<protocol>}). Complaints say where
 * b can tell that there is an a.
 */
final class SharedAccount implements AutoCloseable {

  /** The key of the account that b has for itself. */
  static final String OWN_ACCOUNT = "sk-own-account-81c0";

  /** As long as the object's, so that answers are too. */
  private static final String NOBODYS = "obj-x-000000000000";

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final FakeUpstream upstream;
  private final RunningNode node;
  private final TestKey a;
  private final TestKey b;

  private SharedAccount(FakeUpstream upstream, RunningNode node, TestKey a, TestKey b) {
    this.upstream = upstream;
    this.node = node;
    this.a = a;
    this.b = b;
  }

  /** Starts all of it in an empty folder. */
  static SharedAccount start(Path home) throws Exception {
    TestKey a;
    TestKey b;
    // Who an account serves is said by ids, which there must be first.
    try (RunningNode first = RunningNode.start(home, new Sightings())) {
      a = first.mint(first.createNamespace("a"), "a", TestKey.ALL_SCOPES);
      b = first.mint(first.createNamespace("b"), "b", TestKey.ALL_SCOPES);
    }
    FakeUpstream upstream = FakeUpstream.start();
    upstream.answerBy(new KeepingUpstream());
    StringBuilder yaml = new StringBuilder("providers:\n");
    for (Vendor vendor : Vendor.values()) {
      account(yaml, upstream, vendor, "model", "api_key: sk-shared-account-5d21");
      account(
          yaml,
          upstream,
          vendor,
          "own",
          "api_key: " + OWN_ACCOUNT + "\n    namespaces: [" + b.namespaceId() + "]");
    }
    RunningNode node = RunningNode.start(home, yaml.toString(), new Sightings());
    return new SharedAccount(upstream, node, a, b);
  }

  private static void account(
      StringBuilder yaml, FakeUpstream upstream, Vendor vendor, String name, String more) {
    String protocol = vendor.protocol();
    String model = name + "-" + protocol;
    yaml.append(
        """
          %s%s:
            api_base: %s
            protocol: %s
            %s
            models:
              - {id: %s, upstream_model: %s, price: {input: "2", cache_read: "0.20", output: "10"}}
        """
            .formatted(
                name,
                protocol,
                upstream.base(),
                protocol,
                more,
                model,
                vendor == Vendor.CHAT ? "gpt-5-" + model : model));
  }

  /** A client of namespace a. */
  ControlClient a() {
    return node.with(a.token());
  }

  /** A client of namespace b. */
  ControlClient b() {
    return node.with(b.token());
  }

  /** A client without a credential. */
  ControlClient anonymous() {
    return node.anonymous();
  }

  /** A key of namespace a. */
  String tokenOfA() {
    return a.token();
  }

  /** A key of namespace b. */
  String tokenOfB() {
    return b.token();
  }

  /** The upstream. */
  FakeUpstream upstream() {
    return upstream;
  }

  /** Where a client of the protocol asks {@code model}. */
  static String path(Vendor client, String model) {
    return switch (client) {
      case CHAT -> "/v1/chat/completions";
      case MESSAGES -> "/v1/messages";
      case RESPONSES -> "/v1/responses";
      case GEMINI -> "/v1beta/models/" + model + ":generateContent";
    };
  }

  /** What is wrong with what b is told that names the object of a, toward every upstream. */
  List<String> onTheSharedAccount(List<HandleMember> members) {
    List<String> complaints = new ArrayList<>();
    long refusals = denied();
    long all = booked();
    int asked = 0;
    for (HandleMember member : members) {
      for (Vendor upstreamOf : Vendor.values()) {
        for (Spelling spelling : Spelling.values()) {
          if (spelling != Spelling.SNAKE_CASE || member.client() == Vendor.GEMINI) {
            for (String path : paths(member.client(), "model-" + upstreamOf.protocol())) {
              asked += 2;
              told(member, path, spelling, "model-" + upstreamOf.protocol())
                  .forEach(what ->
                      complaints.add(
                          "%s %s toward %s, %s, at %s: %s"
                              .formatted(
                                  member.client(),
                                  member.place(),
                                  upstreamOf,
                                  spelling,
                                  path,
                                  what)));
            }
          }
        }
      }
    }
    complaints.addAll(rows(refusals, all, asked));
    return complaints;
  }

  private static List<String> paths(Vendor client, String model) {
    String path = path(client, model);
    return switch (client) {
      case CHAT, RESPONSES -> List.of(path);
      case MESSAGES -> List.of(path, path + "/count_tokens");
      case GEMINI -> List.of(path, path.replace(":generate", ":streamGenerate"));
    };
  }

  private List<String> told(HandleMember member, String path, Spelling spelling, String model) {
    List<String> complaints = new ArrayList<>();
    upstream.forget();
    upstream.answerBy(new KeepingUpstream());
    Reply foreign = b().post(path, spelling.of(member.body(model, OBJECT)));
    Reply nobodys = b().post(path, spelling.of(member.body(model, NOBODYS)));
    if (foreign.text().contains(CONTENT)) {
      complaints.add("the object was given away");
    } else if (foreign.status() != 404) {
      complaints.add("status " + foreign.status());
    } else if (!foreign.text().contains("no such object is known here: " + member.place())) {
      complaints.add("404 for another reason: " + foreign.text());
    }
    if (!Likeness.of(foreign, OBJECT).equals(Likeness.of(nobodys, NOBODYS))) {
      complaints.add("told otherwise than of an object that never was");
    }
    if (!upstream.requests().isEmpty()) {
      complaints.add("the upstream was asked");
    }
    return complaints;
  }

  private List<String> rows(long refusals, long all, int asked) {
    Awaitility.await().atMost(PATIENCE).until(() -> booked() >= all + asked);
    long rows = denied() - refusals;
    return rows == asked ? List.of() : List.of(rows + " refusals are booked, not " + asked);
  }

  /** Requests of b that have a row. */
  private long booked() {
    return denied() + usageOfB().path("request_count").asLong();
  }

  private long denied() {
    return usageOfB().path("denied_count").asLong();
  }

  private JsonNode usageOfB() {
    return b().get("/v1/namespaces/me/usage").mustBe(200).json();
  }

  /** What is wrong where b names an object on the account that it has for itself. */
  List<String> onItsOwnAccount(List<HandleMember> members) {
    List<String> complaints = new ArrayList<>();
    for (HandleMember member : members) {
      String model = "own-" + member.client().protocol();
      upstream.forget();
      upstream.answerBy(new KeepingUpstream());
      Reply reply = b().post(path(member.client(), model), member.body(model, OBJECT));
      if (reply.status() != 200 || !reply.text().contains(CONTENT)) {
        complaints.add(member.client() + " " + member.place() + ": " + reply);
      }
    }
    return complaints;
  }

  /**
   * The only request that {@code client} makes of the upstream with this body; the upstream is the
   * same as for requests before.
   */
  RecordedRequest sent(ControlClient client, String path, String body) {
    int before = upstream.requests().size();
    client.post(path, body).mustBe(200);
    List<RecordedRequest> now = upstream.requests();
    if (now.size() != before + 1) {
      throw new AssertionError("the upstream got " + (now.size() - before) + " requests, not 1");
    }
    return now.getLast();
  }

  /** The tokens that an answer says were read from a cache. */
  static long cachedTokens(Reply reply) {
    JsonNode usage = reply.json().path("usage");
    return usage.at("/prompt_tokens_details/cached_tokens").asLong(0)
        + usage.at("/input_tokens_details/cached_tokens").asLong(0)
        + usage.path("cache_read_input_tokens").asLong(0);
  }

  /** Headers of every provider's libraries with {@code key} in each. */
  static Map<String, String> vendorKeys(String key) {
    return Map.of("x-api-key", key, "x-goog-api-key", key, "api-key", key);
  }

  @Override
  public void close() {
    node.close();
    upstream.close();
  }
}
