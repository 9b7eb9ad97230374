package io.bitrouter.node.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One route. The router, the isolation matrix and the API document read this and nothing else, so
 * that a route cannot exist without its access, its meter and the kinds of its ids.
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
 * @param changes what it changes
 * @param about what people and the API document read
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
    Optional<String> exampleBody,
    Changes changes,
    About about) {

  /** Name of the parameter that asks for the answer alone. */
  public static final String DRY_RUN = "dry_run";

  /** What a route changes. */
  public enum Changes {
    /** Nothing. */
    NOTHING,
    /** Something that is there; asking twice does no harm. */
    SOMETHING,
    /** It makes something new each time, unless the client names its request. */
    MAKES
  }

  /**
   * What a route is to people.
   *
   * @param summary a line
   * @param body the body it takes
   * @param answer what it answers 200 with
   */
  public record About(String summary, Optional<Class<?>> body, Shape answer) {}

  /** The form of an answer. */
  public sealed interface Shape {
    /** A record of the control plane. */
    record Body(Class<?> type) implements Shape {}

    /** An object that the protocol of the route defines, not this node. */
    record OfProtocol() implements Shape {}

    /** A page for people. */
    record Page() implements Shape {}
  }

  /** In whose shape a route's refusals are written. */
  public enum Envelope {
    /** The control plane's flat object. */
    FLAT,
    /** OpenAI's. */
    CHAT,
    /** Anthropic's. */
    MESSAGES,
    /** OpenAI's for Responses. */
    RESPONSES,
    /** Google's. */
    GEMINI,
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
    MODEL,
    /** A policy of the namespace. */
    POLICY,
    /** A policy of the kind budget. */
    BUDGET,
    /** A policy of the kind preset. */
    PRESET,
    /** A policy that an operator locked. */
    LOCKED_POLICY,
    /** A binding of the policy before it in the path. */
    BINDING,
    /** A request of the namespace. */
    REQUEST,
    /** A response that the namespace has stored. */
    STORED_RESPONSE,
    /** An operator credential. */
    OPERATOR,
    /** The word for a kind of principal; not an id. */
    PRINCIPAL_TYPE,
    /** A principal of the namespace. */
    PRINCIPAL
  }

  /** Checks that every path parameter says what it identifies. */
  public Route {
    if (!ids.keySet().equals(java.util.Set.copyOf(path.parameters()))) {
      throw new IllegalArgumentException("ids of " + path.text() + " do not fit its parameters");
    }
  }
}
