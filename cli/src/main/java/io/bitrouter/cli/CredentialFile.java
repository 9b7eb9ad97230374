package io.bitrouter.cli;

import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.Keys.CredentialInfo;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A credentials file: the active credential is the object itself, so that the original client can
 * read it; those of other namespaces are its member {@code others}, by namespace id.
 *
 * @param active the namespace whose credential commands use; one of {@code all} or deleted
 * @param all by namespace id, which is empty for a key that the original client stored
 */
record CredentialFile(Path path, String active, Map<String, Credential> all) {
  private static final String OTHERS = "others";

  static CredentialFile empty(Path path) {
    return new CredentialFile(path, "", Map.of());
  }

  /**
   * Reads it; absent when there is no such file.
   *
   * @throws Failure when others may read it, or it is not a credentials file this program knows
   */
  static Optional<CredentialFile> load(Path path) {
    return PrivateFiles.read(path).map(bytes -> parse(path, bytes));
  }

  private static CredentialFile parse(Path path, byte[] bytes) {
    Map<String, @Nullable Object> members =
        LightJson.object(bytes).orElseThrow(() -> unusable(path, "is not a JSON object"));
    Map<String, Credential> all = new TreeMap<>();
    LightJson.object(members.remove(OTHERS))
        .orElseGet(Map::of)
        .forEach(
            (id, one) -> all.put(id, credential(path, LightJson.object(one).orElseGet(Map::of))));
    CredentialFile others = new CredentialFile(path, "", all);
    return members.isEmpty() ? others : others.activating(credential(path, members));
  }

  private static Credential credential(Path path, Map<String, @Nullable Object> members) {
    Map<String, String> texts = new LinkedHashMap<>();
    members.forEach((name, value) -> {
      if (value instanceof String text) {
        texts.put(name, text);
      }
    });
    if (!CredentialInfo.API_KEY.equals(texts.get("kind"))) {
      throw unusable(path, "holds a browser sign-in, which this version cannot use");
    }
    if (!texts.containsKey("api_key") || !texts.containsKey("base_url")) {
      throw unusable(path, "lacks api_key or base_url");
    }
    return new Credential(texts);
  }

  private static Failure unusable(Path path, String why) {
    return Failure.of(Exit.UNAUTHENTICATED, "the credentials file " + path + " " + why);
  }

  Optional<Credential> current() {
    return of(active);
  }

  Optional<Credential> of(String namespaceId) {
    return Optional.ofNullable(all.get(namespaceId));
  }

  /** With this credential for its namespace, and in use. */
  CredentialFile activating(Credential credential) {
    String id = credential.namespaceId().orElse("");
    Map<String, Credential> kept = new TreeMap<>(all);
    kept.remove("");
    kept.put(id, credential);
    return new CredentialFile(path, id, kept);
  }

  CredentialFile without(String namespaceId) {
    Map<String, Credential> kept = new TreeMap<>(all);
    kept.remove(namespaceId);
    return new CredentialFile(path, active, kept);
  }

  CredentialFile renaming(String namespaceId, String name) {
    Map<String, Credential> kept = new TreeMap<>(all);
    kept.computeIfPresent(namespaceId, (id, old) -> old.with("namespace_name", name));
    return new CredentialFile(path, active, kept);
  }

  /** Writes it in one step, readable by its owner alone. */
  void save() {
    Map<String, Object> tree =
        new LinkedHashMap<>(of(active).map(Credential::members).orElse(Map.of()));
    Map<String, Object> others = new TreeMap<>();
    without(active).all().forEach((id, credential) -> others.put(id, credential.members()));
    if (!others.isEmpty()) {
      tree.put(OTHERS, others);
    }
    PrivateFiles.write(path, ControlJson.bytes(tree));
  }
}
