package io.bitrouter.cli;

import io.bitrouter.wire.control.Keys.CredentialInfo;
import io.bitrouter.wire.control.Rfc3339;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One credential as a credentials file holds it, all members text: {@code kind, api_key, base_url},
 * which the original client reads and writes too, and, once the node was asked, {@code id, name,
 * namespace_id, namespace_name, scope, expires_at}.
 */
record Credential(Map<String, String> members) {
  Credential {
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /** A key of which nothing more is known. */
  static Credential bare(String apiKey, String baseUrl) {
    Map<String, String> members = new LinkedHashMap<>();
    members.put("kind", CredentialInfo.API_KEY);
    members.put("api_key", apiKey);
    members.put("base_url", baseUrl);
    return new Credential(members);
  }

  static Credential of(String apiKey, String baseUrl, CredentialInfo info) {
    Map<String, String> members = new LinkedHashMap<>(bare(apiKey, baseUrl).members());
    members.put("id", info.id());
    members.put("name", info.name());
    info.namespaceId().ifPresent(id -> members.put("namespace_id", id));
    info.namespaceName().ifPresent(name -> members.put("namespace_name", name));
    members.put("scope", String.join(" ", info.scopes()));
    info.expiresAt().ifPresent(time -> members.put("expires_at", Rfc3339.format(time)));
    return new Credential(members);
  }

  String apiKey() {
    return text("api_key").orElseThrow();
  }

  /** The origin it is for, without a trailing slash. */
  String baseUrl() {
    return text("base_url").orElseThrow();
  }

  Optional<String> namespaceId() {
    return text("namespace_id");
  }

  Optional<String> text(String member) {
    return Optional.ofNullable(members.get(member));
  }

  /** What the node would say about it; absent when it was not asked yet. */
  Optional<CredentialInfo> info() {
    if (!members.keySet().containsAll(List.of("id", "name", "namespace_id", "namespace_name"))) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new CredentialInfo(
              CredentialInfo.API_KEY,
              members.getOrDefault("id", ""),
              members.getOrDefault("name", ""),
              namespaceId(),
              text("namespace_name"),
              text("scope").map(words -> List.of(words.split(" "))).orElse(List.of()),
              text("expires_at").map(Rfc3339::parse)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  Credential with(String member, String value) {
    Map<String, String> changed = new LinkedHashMap<>(members);
    changed.put(member, value);
    return new Credential(changed);
  }

  @Override
  public String toString() {
    return "Credential[" + text("id").orElse("?") + "]";
  }
}
