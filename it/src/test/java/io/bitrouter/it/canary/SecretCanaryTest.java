package io.bitrouter.it.canary;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.FakeUpstream;
import io.bitrouter.testkit.NodeProcess;
import io.bitrouter.testkit.NodeSetup;
import io.bitrouter.testkit.RecordedRequest;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.Terminal;
import io.bitrouter.testkit.TestKey;
import io.bitrouter.testkit.TwoNamespaces;
import io.bitrouter.testkit.UpstreamScript;
import io.bitrouter.testkit.UpstreamScript.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Uses a node in every way in which it could let a secret slip, then searches everything it wrote
 * and answered: provider keys, API keys of every fate, operator token, peppers, a stranger's
 * credentials; and, in logs and stores, what was asked and answered.
 */
class SecretCanaryTest {

  private static final String ACCOUNT = "sk-canary-account-7d0e51c2ab";
  private static final String STRANGERS_KEY = "sk-canary-stranger-19c4f0aa37";
  private static final String QUESTION = "canaryquestion5b7712e0";
  private static final String ANSWER = "canaryanswer90c3aa41";

  private static final List<String> WHERE_SECRETS_LIVE =
      List.of("home/secrets/", "home/credentials.json", "home/bitrouter.yaml");

  private final SecretHunt secrets = new SecretHunt();
  private final SecretHunt contents = new SecretHunt();
  private final List<String> found = new ArrayList<>();

  private static final FakeUpstream UPSTREAM = FakeUpstream.start();

  @RegisterExtension
  static final TwoNamespaces WORLD =
      new TwoNamespaces(() ->
          NodeSetup.plain()
              .withConfiguration(
                  NodeSetup.providersAt(UPSTREAM.base().toString(), "${CANARY_ACCOUNT}"))
              .withVariable("CANARY_ACCOUNT", ACCOUNT));

  @Test
  void noSecretLeavesItsPlace() throws IOException {
    secrets.add("provider key", ACCOUNT);
    secrets.add("stranger's key", STRANGERS_KEY);
    contents.add("question", QUESTION);
    contents.add("answer", ANSWER);
    NodeProcess node = WORLD.node();
    try (UPSTREAM) {
      TestKey key = minted(node, "good");
      TestKey narrow = node.mint(key.namespaceId(), "narrow", List.of("usage:read"));
      TestKey revoked = minted(node, "revoked");
      addToken("narrow key", narrow);
      see(
          "revoking",
          node.client(key).delete("/v1/namespaces/me/keys/" + revoked.id() + "?cascade=true"));
      // Before the upstream has refused the node so often that it is left alone.
      presentInQueries(node, key, revoked);
      infer(node, UPSTREAM, key);
      presentBadly(node, key, revoked, narrow);
      control(node, key);
      terminal(node, key, revoked);
      for (String page : List.of("/", "/ping", "/health/live", "/health/ready", "/v1/models")) {
        see("GET " + page, node.anonymous().get(page));
      }
      see("admin live", node.admin().get("/health/live"));
      see("admin ready", node.admin().get("/health/ready"));
      secrets.addFiles(node.home().resolve("secrets"));
      // Before and after the orderly end: the log is flushed, the journal drained, the WAL folded.
      search(node);
      WORLD.check();
      node.stop();
      search(node);
    }
    assertThat(found).isEmpty();
  }

  private TestKey minted(NodeProcess node, String name) {
    TestKey key = node.mint();
    addToken(name + " key", key);
    return key;
  }

  private void addToken(String name, TestKey key) {
    secrets.add(name, key.token().substring(key.token().indexOf('.') + 1));
  }

  private void search(NodeProcess node) throws IOException {
    found.addAll(secrets.in(node.folder(), WHERE_SECRETS_LIVE));
    found.addAll(contents.in(node.folder(), WHERE_SECRETS_LIVE));
  }

  private void see(String where, Reply reply) {
    found.addAll(secrets.in(where + " headers", reply.headers().toString()));
    found.addAll(secrets.in(where + " body", reply.body()));
  }

  private void see(String where, Terminal.Result result) {
    found.addAll(secrets.in(where, result.toString()));
  }

  /** Inference that succeeds and that fails in every way, the account's key in each answer. */
  private void infer(NodeProcess node, FakeUpstream upstream, TestKey key) {
    String echo = "wrong key " + ACCOUNT + " for Bearer " + ACCOUNT;
    List<UpstreamScript> scripts = new ArrayList<>();
    scripts.add(UpstreamScript.ok().saying(ANSWER));
    for (int status : List.of(400, 401, 403, 404, 413, 422, 429, 500, 503, 529)) {
      scripts.add(
          UpstreamScript.refusing(status, echo)
              .withHeader("x-echo", ACCOUNT)
              .withHeader("www-authenticate", "Bearer realm=\"" + ACCOUNT + "\""));
    }
    scripts.add(UpstreamScript.redirecting(302, "http://127.0.0.1:1/?key=" + ACCOUNT));
    scripts.add(UpstreamScript.raw(echo + "\r\n\r\n"));
    for (Fault fault : Fault.values()) {
      if (!fault.name().startsWith("HANG")) {
        scripts.add(UpstreamScript.refusing(200, echo).saying(ANSWER).failing(fault, 1));
      }
    }
    ControlClient client = node.client(key);
    for (UpstreamScript script : scripts) {
      upstream.answerBy(request -> script.withHeader("x-got", authorization(request)));
      for (boolean stream : List.of(false, true)) {
        for (String path : List.of("/v1/chat/completions", "/v1/messages")) {
          call(client, path, question(path, stream));
        }
      }
    }
    upstream.answer(UpstreamScript.ok().saying(ANSWER));
    for (String body : List.of("{\"model\":\"" + QUESTION, "[" + QUESTION + "]", "\0" + QUESTION)) {
      call(client, "/v1/chat/completions", body);
      call(client, "/v1/messages", body);
    }
  }

  private static String authorization(RecordedRequest request) {
    return request.header("authorization").or(() -> request.header("x-api-key")).orElse("none");
  }

  private static String question(String path, boolean stream) {
    String model = path.endsWith("messages") ? "fake-messages" : "fake-chat";
    return "{\"model\":\"%s\",\"max_tokens\":50,\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(model, stream, QUESTION);
  }

  private void call(ControlClient client, String path, String body) {
    try {
      see(
          path,
          client.send(
              "POST",
              path,
              body,
              Map.of("x-api-key", STRANGERS_KEY, "openai-organization", STRANGERS_KEY)));
    } catch (UncheckedIOException brokenOff) {
      // The node passes a broken stream on as one; there is no answer to look at.
      found.addAll(secrets.in(path + " failure", String.valueOf(brokenOff.getMessage())));
    }
  }

  /** Credentials in places and forms in which they do not belong. */
  private void presentBadly(NodeProcess node, TestKey key, TestKey revoked, TestKey narrow) {
    String chat = question("/v1/chat/completions", false);
    String token = key.token();
    String wrong = token.substring(0, token.length() - 7) + "0000000";
    secrets.add("mistyped token", wrong.substring(wrong.indexOf('.') + 1));
    ControlClient anonymous = node.anonymous();
    for (String bearer : List.of(revoked.token(), narrow.token(), wrong, token + "x")) {
      see("bad bearer", anonymous.with(bearer).post("/v1/chat/completions", chat));
      see("bad bearer", anonymous.with(bearer).get("/v1/namespaces/me/keys"));
    }
    see("operator", anonymous.with(node.operatorToken()).post("/v1/chat/completions", chat));
    for (String path :
        List.of(
            "/v1/models?key=" + token,
            "/v1/models/" + token,
            "/v1/namespaces/" + token + "/keys",
            "/" + token,
            "/v1/chat/completions?api_key=" + ACCOUNT)) {
      see("secret in a path", anonymous.get(path));
      node.client(key).get(path);
    }
    for (Map<String, String> headers :
        List.of(
            Map.of("authorization", "Basic " + token),
            Map.of("authorization", token),
            Map.of("authorization", "Bearer " + token, "x-api-key", revoked.token()),
            Map.of("cookie", "token=" + token))) {
      see("odd header", anonymous.send("POST", "/v1/messages", chat, headers));
    }
  }

  /** Gemini's clients send the key in the query: it must go no further than its check. */
  private void presentInQueries(NodeProcess node, TestKey key, TestKey revoked) {
    String body = "{\"contents\":[{\"parts\":[{\"text\":\"" + QUESTION + "\"}]}]}";
    String call = "/v1beta/models/fake-chat:generateContent?key=";
    assertThat(node.anonymous().post(call + key.token(), body).status()).isEqualTo(200);
    UPSTREAM.next(UpstreamScript.refusing(400, "wrong key " + ACCOUNT));
    for (String path :
        List.of(
            call,
            "/v1/models/fake-chat:generateContent?x=1&key=",
            "/v1beta/models/fake-messages:streamGenerateContent?alt=sse&key=",
            "/v1beta/models/fake-chat:generateContent?alt=none&key=",
            "/v1beta/models/none:generateContent?key=",
            "/v1beta/models/fake-chat:nothing?key=",
            "/v1beta/nowhere?key=",
            "/v1/messages?key=",
            call + key.token() + "&key=")) {
      for (String token : List.of(key.token(), revoked.token(), key.token() + "x", STRANGERS_KEY)) {
        see("key in a query", node.anonymous().post(path + token, body));
      }
    }
    for (String path : List.of("/v1beta/models?key=", "/v1beta/models/fake-chat?key=")) {
      see("key in a query", node.anonymous().get(path + key.token()));
      see("key in a query", node.anonymous().get(path + STRANGERS_KEY));
    }
  }

  private void control(NodeProcess node, TestKey key) {
    ControlClient client = node.client(key);
    for (String path :
        List.of(
            "/v1/credential",
            "/v1/namespaces",
            "/v1/namespaces/me/keys",
            "/v1/namespaces/me/keys/" + key.id(),
            "/v1/namespaces/me/usage",
            "/v1/namespaces/me/usage?from=nonsense",
            "/v1/namespaces/me/requests?limit=100",
            "/v1/models")) {
      see(path, client.get(path));
    }
    see(
        "bad mint",
        client.post(
            "/v1/namespaces/me/keys", "{\"display_name\":\"x\",\"scopes\":[\"" + key.token()));
    see("operator's list", node.operator().get("/v1/node/namespaces"));
    see("operator's usage", node.operator().get("/v1/node/usage?group_by=namespace"));
  }

  private void terminal(NodeProcess node, TestKey key, TestKey revoked) throws IOException {
    Path home = Files.createDirectories(node.folder().resolve("terminal"));
    Terminal terminal =
        Terminal.in(home)
            .with("BITROUTER_HOME", home.resolve("none").toString())
            .with("BITROUTER_URL", node.endpoint().toString());
    Terminal good = terminal.with("BITROUTER_API_KEY", key.token());
    Terminal bad = terminal.with("BITROUTER_API_KEY", revoked.token());
    Terminal nowhere = good.with("BITROUTER_URL", "http://127.0.0.1:1");
    Terminal odd = good.with("BITROUTER_URL", "http://" + key.token() + "@127.0.0.1:1");
    see("whoami", good.bitrouter("auth", "whoami"));
    see("revoked whoami", bad.bitrouter("auth", "whoami", "--json"));
    see("nowhere", nowhere.bitrouter("cloud", "usage"));
    see("odd url", odd.bitrouter("cloud", "usage"));
    see("bad command", good.bitrouter("cloud", "api", "/v1/namespaces/" + key.token()));
  }
}
