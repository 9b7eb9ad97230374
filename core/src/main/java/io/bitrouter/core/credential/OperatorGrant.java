package io.bitrouter.core.credential;

import io.bitrouter.core.namespace.NamespaceId;

/**
 * Authority over the node: the only thing that sees more than one namespace. It cannot call models
 * and it reaches into a namespace only through {@link #enter}, whose callers write an audit row
 * there.
 */
public final class OperatorGrant {

  private final ScopeSet scopes;

  OperatorGrant(ScopeSet scopes) {
    this.scopes = scopes;
  }

  /**
   * The node's own authority over its own state, for starting up and for background work. Used in
   * the wiring of the node alone, which an architecture test checks.
   */
  public static OperatorGrant ofTheNodeItself() {
    return new OperatorGrant(ScopeSet.of(Scope.OF_AN_OPERATOR));
  }

  /** What it allows. */
  public ScopeSet scopes() {
    return scopes;
  }

  /** An ordinary grant inside one namespace; the caller audits it in that namespace's log. */
  public NamespaceGrant enter(NamespaceId namespace) {
    return new NamespaceGrant(namespace, ScopeSet.of(Scope.OF_A_KEY));
  }
}
