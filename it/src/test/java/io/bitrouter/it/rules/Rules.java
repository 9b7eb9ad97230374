package io.bitrouter.it.rules;

import io.bitrouter.it.node.RunningNode;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.TestKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes policies and sends requests under them. */
final class Rules {

  private Rules() {}

  /** Makes a policy bound to a key; returns its id. */
  static String bindToKey(ControlClient client, String kind, String spec, TestKey key) {
    return create(client, kind, spec, "api_key", key.id());
  }

  /** Makes a policy bound to a principal; returns its id. */
  static String create(
      ControlClient client, String kind, String spec, String principalType, String principalId) {
    return client
        .post(
            "/v1/namespaces/me/policies",
            """
            {"name":"a %s","kind":"%s","spec":%s,\
            "bind":{"principal_type":"%s","principal_id":"%s"}}\
            """
                .formatted(kind, kind, spec, principalType, principalId))
        .mustBe(200)
        .json()
        .path("id")
        .asString();
  }

  /** A new key of the namespace that tests work in, with every scope. */
  static TestKey key(RunningNode node, String name) {
    return node.mint(node.defaultNamespace(), name, TestKey.ALL_SCOPES);
  }

  /** A chat request for {@code model}. */
  static String chat(String model, int maxTokens, boolean streamed) {
    return """
    {"model":"%s","max_tokens":%d,"stream":%s,"messages":[{"role":"user","content":"hi"}]}\
    """
        .formatted(model, maxTokens, streamed);
  }

  /** Sends {@code count} requests, {@code atOnce} at a time, and returns their answers. */
  static List<Reply> burst(int count, int atOnce, Callable<Reply> request) {
    try (ExecutorService pool =
        Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory())) {
      List<Future<Reply>> sent = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        sent.add(pool.submit(request));
      }
      List<Reply> replies = new ArrayList<>();
      for (Future<Reply> each : sent) {
        replies.add(each.get());
      }
      return replies;
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
