package io.bitrouter.cli;

import io.bitrouter.wire.control.ControlBody;
import io.bitrouter.wire.control.CredentialInfo;
import io.bitrouter.wire.control.Rfc3339;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /** As a file holds it; absent when something is missing or wrong. */
  static Optional<SavedCredential> read(Map<String, @Nullable Object> members) {
    Optional<String> apiKey = LightJson.text(members, "api_key");
    Optional<String> baseUrl = LightJson.text(members, "base_url");
    if (apiKey.isEmpty() || baseUrl.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new SavedCredential(
              CredentialInfo.API_KEY,
              apiKey.get(),
              baseUrl.get(),
              LightJson.text(members, "id"),
              LightJson.text(members, "name"),
              LightJson.text(members, "namespace_id"),
              LightJson.text(members, "namespace_name"),
              LightJson.text(members, "scope"),
              LightJson.text(members, "expires_at").map(Rfc3339::parse)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

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
