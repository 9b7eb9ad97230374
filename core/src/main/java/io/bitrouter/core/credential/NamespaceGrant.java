package io.bitrouter.core.credential;

import io.bitrouter.core.namespace.NamespaceId;

/**
 * Authority over one namespace. Holding one is the only way to open anything of a namespace, and
 * only this package makes one, from a verified credential.
 *
 * <p>There is no way to name another namespace: {@link #narrowTo} takes none. Immutable.
 */
public final class NamespaceGrant {

  private final NamespaceId namespace;
  private final ScopeSet scopes;

  NamespaceGrant(NamespaceId namespace, ScopeSet scopes) {
    this.namespace = namespace;
    this.scopes = scopes;
  }

  /** The namespace this grant is for. */
  public NamespaceId namespace() {
    return namespace;
  }

  /** What it allows there. */
  public ScopeSet scopes() {
    return scopes;
  }

  /** A grant for the same namespace with those of {@code wanted} that this one covers. */
  public NamespaceGrant narrowTo(ScopeSet wanted) {
    return new NamespaceGrant(
        namespace, ScopeSet.of(wanted.tokens().stream().filter(scopes::allows).toList()));
  }

  @Override
  public String toString() {
    return "grant[" + namespace + " " + scopes + "]";
  }
}
