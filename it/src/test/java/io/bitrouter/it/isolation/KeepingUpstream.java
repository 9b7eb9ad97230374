package io.bitrouter.it.isolation;

import io.bitrouter.it.sdk.Answer;
import io.bitrouter.it.sdk.Scripts;
import io.bitrouter.it.sdk.Tokens;
import io.bitrouter.it.sdk.Vendor;
import io.bitrouter.testkit.RecordedRequest;
import io.bitrouter.testkit.UpstreamScript;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An account as providers keep it: whoever has the key may name all that was ever made with it, and
 * a prompt that was read once is read from a cache, kept by what the provider sees of it.
 * Thread-safe.
 */
final class KeepingUpstream implements Function<RecordedRequest, UpstreamScript> {

  /** The name of an object that one namespace made. */
  static final String OBJECT = "obj-a-4c81f0b2e97d";

  /** What is in it. */
  static final String CONTENT = "the recipe of namespace a";

  private final Set<JsonNode> prompts = ConcurrentHashMap.newKeySet();

  @Override
  public UpstreamScript apply(RecordedRequest request) {
    if (request.path().endsWith("/count_tokens")) {
      return UpstreamScript.body("application/json", "{\"input_tokens\":7}");
    }
    if (request.path().endsWith("/embeddings")) {
      return UpstreamScript.body(
          "application/json", "{\"data\":[],\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}");
    }
    JsonNode body = request.json();
    boolean cached = !prompts.add(prompt(Vendor.of(request), body));
    boolean named = body.toString().contains(OBJECT);
    return Scripts.answering(
            Answer.saying(named ? CONTENT : "Nothing.")
                .using(cached ? Tokens.CACHED : Tokens.PLAIN))
        .apply(request);
  }

  /** What a cache goes by: the conversation, and who asks by which key. */
  private static JsonNode prompt(Vendor vendor, JsonNode body) {
    ObjectNode seen = body.asObject().deepCopy();
    seen.remove("stream");
    seen.remove("stream_options");
    return seen.put("vendor", vendor.name());
  }
}
