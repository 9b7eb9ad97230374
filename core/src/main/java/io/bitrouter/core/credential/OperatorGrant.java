package io.bitrouter.core.credential;

import io.bitrouter.core.namespace.NamespaceId;

/**
 * Authority over the node: the only thing that sees more than one namespace. It cannot call models
 * and it reaches into a namespace only through {@link #enter}, whose callers write an audit row
 * there.
 */
public final class OperatorGrant {

  private final ScopeSet scopes;
  private final Reach reach;

  OperatorGrant(ScopeSet scopes, Reach reach) {
    this.scopes = scopes;
    this.reach = reach;
  }

  /**
   * The node's own authority over its own state, for starting up and for background work. Used in
   * the wiring of the node alone, which an architecture test checks.
   */
  public static OperatorGrant ofTheNodeItself() {
    return new OperatorGrant(ScopeSet.of(Scope.OF_AN_OPERATOR), new Reach.Everything());
  }

  /** What it allows. */
  public ScopeSet scopes() {
    return scopes;
  }

  /** Where it holds. */
  public Reach reach() {
    return reach;
  }

  /**
   * An ordinary grant inside one namespace; the caller audits it in that namespace's log.
   *
   * @throws IllegalArgumentException when the grant does not reach there
   */
  public NamespaceGrant enter(NamespaceId namespace) {
    if (!reach.covers(namespace)) {
      throw new IllegalArgumentException("the grant does not reach this namespace");
    }
    return new NamespaceGrant(namespace, ScopeSet.of(Scope.OF_A_KEY));
  }
}
