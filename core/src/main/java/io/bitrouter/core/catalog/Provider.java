package io.bitrouter.core.catalog;

import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.kernel.Secret;
import io.bitrouter.core.namespace.NamespaceId;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * An upstream account of the node's operator.
 *
 * @param id its name
 * @param base where its API starts, without a trailing slash
 * @param key the account's key; empty when it needs none
 * @param auth how the key is sent
 * @param protocols what it speaks, at least one, the best first
 * @param models what it serves
 * @param namespaces who may use it
 * @param clientHeaders request headers of the client that it gets besides the protocol's own
 */
public record Provider(
    ProviderId id,
    URI base,
    Optional<Secret> key,
    Auth auth,
    List<Protocol> protocols,
    List<Model> models,
    Reach namespaces,
    List<String> clientHeaders) {

  /** How a provider key is sent. */
  public sealed interface Auth {
    /** {@code Authorization: Bearer <key>}. */
    record Bearer() implements Auth {}

    /** The key alone in a header of this name. */
    record Header(String name) implements Auth {}

    /** Not at all. */
    record None() implements Auth {}
  }

  /** Whether {@code namespace} may use this account. */
  public boolean serves(NamespaceId namespace) {
    return namespaces.covers(namespace);
  }
}
