package io.bitrouter.node.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One route. The router, the isolation matrix and later the API document read this and nothing
 * else, so that a route cannot exist without its access, its meter and the kinds of its ids.
 *
 * @param method HTTP method
 * @param path template
 * @param envelope how its refusals are written
 * @param access who may call it
 * @param meter what a call costs
 * @param handler serves it
 * @param ids what each path parameter identifies
 * @param query query parameters it reads
 * @param exampleBody a body that is accepted, for routes that take one
 */
public record Route(
    String method,
    PathTemplate path,
    Envelope envelope,
    Access access,
    Meter meter,
    Handler handler,
    Map<String, IdKind> ids,
    List<String> query,
    Optional<String> exampleBody) {

  /** In whose shape a route's refusals are written. */
  public enum Envelope {
    /** The control plane's flat object. */
    FLAT,
    /** OpenAI's. */
    CHAT,
    /** Anthropic's. */
    MESSAGES,
    /** Anthropic's when the client sent {@code anthropic-version}, else OpenAI's. */
    BY_CLIENT
  }

  /** What a call of a route costs. */
  public enum Meter {
    /** Nothing. */
    NONE,
    /** It is an inference request: a row, tokens, money. */
    INFERENCE
  }

  /** What a path parameter identifies. */
  public enum IdKind {
    /** A namespace, compared with the credential's own. */
    NAMESPACE,
    /** A namespace as operators name it. */
    NODE_NAMESPACE,
    /** A key of the namespace. */
    KEY,
    /** A model of the catalogue; not a namespace's own thing. */
    MODEL
  }

  /** Checks that every path parameter says what it identifies. */
  public Route {
    if (!ids.keySet().equals(java.util.Set.copyOf(path.parameters()))) {
      throw new IllegalArgumentException("ids of " + path.text() + " do not fit its parameters");
    }
  }
}
