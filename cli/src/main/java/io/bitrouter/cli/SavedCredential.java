package io.bitrouter.cli;

import io.bitrouter.wire.control.ControlBody;
import io.bitrouter.wire.control.CredentialInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One credential as a credentials file holds it. The first three members are what the original
 * client reads and writes; the others are known only when the node was asked.
 *
 * @param kind always {@code api_key}
 * @param apiKey the secret
 * @param baseUrl the origin it is for, without a trailing slash
 * @param id the key's id
 * @param name the key's name
 * @param namespaceId the namespace it is baked to
 * @param namespaceName that namespace's name when it was last seen
 * @param scope its scopes, separated by spaces
 * @param expiresAt when it stops working
 */
@ControlBody
record SavedCredential(
    String kind,
    String apiKey,
    String baseUrl,
    Optional<String> id,
    Optional<String> name,
    Optional<String> namespaceId,
    Optional<String> namespaceName,
    Optional<String> scope,
    Optional<Instant> expiresAt) {

  /** The key with what the node says about it. */
  static SavedCredential of(String apiKey, String baseUrl, CredentialInfo info) {
    return new SavedCredential(
        CredentialInfo.API_KEY,
        apiKey,
        baseUrl,
        Optional.of(info.id()),
        Optional.of(info.name()),
        info.namespaceId(),
        info.namespaceName(),
        Optional.of(String.join(" ", info.scopes())),
        info.expiresAt());
  }

  /** What the node would say about it; absent when it was not asked yet. */
  Optional<CredentialInfo> info() {
    if (id.isEmpty() || name.isEmpty() || namespaceId.isEmpty() || namespaceName.isEmpty()) {
      return Optional.empty();
    }
    List<String> scopes = scope.map(words -> List.of(words.split(" "))).orElse(List.of());
    return Optional.of(
        new CredentialInfo(
            CredentialInfo.API_KEY,
            id.get(),
            name.get(),
            namespaceId,
            namespaceName,
            scopes,
            expiresAt));
  }

  /** The same key at another origin. */
  SavedCredential at(String url) {
    return new SavedCredential(
        kind, apiKey, url, id, name, namespaceId, namespaceName, scope, expiresAt);
  }

  /** The same key, its namespace under another name. */
  SavedCredential inNamespaceNamed(String newName) {
    return new SavedCredential(
        kind, apiKey, baseUrl, id, name, namespaceId, Optional.of(newName), scope, expiresAt);
  }

  @Override
  public String toString() {
    return "SavedCredential[" + id.orElse("?") + " at " + baseUrl + "]";
  }
}
