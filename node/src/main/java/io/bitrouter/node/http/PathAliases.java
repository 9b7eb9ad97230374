package io.bitrouter.node.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Paths that clients with a base of another form send, and the paths they mean: a base without its
 * version, with the version twice, or with the name of a vendor before it. The table is fixed;
 * nothing else is tolerated. Immutable and thread-safe.
 */
final class PathAliases {

  private static final List<String> VERSIONED =
      List.of(
          "/chat/completions",
          "/messages",
          "/messages/count_tokens",
          "/responses",
          "/embeddings",
          "/models");

  private final Map<String, String> meant = new HashMap<>();

  PathAliases() {
    for (String path : VERSIONED) {
      for (String before : List.of("", "/v1/v1", "/openai/v1", "/anthropic/v1")) {
        meant.put(before + path, "/v1" + path);
      }
    }
    meant.put("/v1beta/openai/chat/completions", "/v1/chat/completions");
    meant.put("/v1beta/openai/models", "/v1/models");
  }

  /** The path that {@code path} means; itself when it is not in the table. */
  String resolve(String path) {
    for (String twice : List.of("/v1/v1beta/", "/v1beta/v1beta/", "/gemini/v1beta/")) {
      if (path.startsWith(twice + "models")) {
        return "/v1beta/" + path.substring(twice.length());
      }
    }
    return meant.getOrDefault(path, path);
  }
}
