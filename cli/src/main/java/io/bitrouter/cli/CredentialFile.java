package io.bitrouter.cli;

import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.CredentialInfo;
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
 * @param path where it is
 * @param active what commands use; absent when its namespace was deleted
 * @param others kept for {@code cloud namespace use}
 */
record CredentialFile(Path path, Optional<Credential> active, Map<String, Credential> others) {
  private static final String OTHERS = "others";

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
    Map<String, Credential> others = new TreeMap<>();
    LightJson.object(members.remove(OTHERS))
        .orElseGet(Map::of)
        .forEach((id, one) ->
            others.put(id, credential(path, LightJson.object(one).orElseGet(Map::of))));
    Optional<Credential> active =
        members.isEmpty() ? Optional.empty() : Optional.of(credential(path, members));
    return new CredentialFile(path, active, others);
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

  /** With another active credential; the present one is kept among the others. */
  CredentialFile activating(Credential credential) {
    Map<String, Credential> kept = new TreeMap<>(others);
    active.ifPresent(old -> old.namespaceId().ifPresent(id -> kept.put(id, old)));
    credential.namespaceId().ifPresent(kept::remove);
    return new CredentialFile(path, Optional.of(credential), kept);
  }

  /** With another active credential instead of the present one. */
  CredentialFile replacing(Credential credential) {
    return new CredentialFile(path, Optional.of(credential), others);
  }

  /** Without what belongs to that namespace. */
  CredentialFile without(String namespaceId) {
    Map<String, Credential> kept = new TreeMap<>(others);
    kept.remove(namespaceId);
    return new CredentialFile(path, active.filter(old -> !old.isOf(namespaceId)), kept);
  }

  /** With the namespace under its new name. */
  CredentialFile renaming(String namespaceId, String name) {
    Map<String, Credential> kept = new TreeMap<>(others);
    kept.computeIfPresent(namespaceId, (id, old) -> old.with("namespace_name", name));
    return new CredentialFile(
        path,
        active.map(old -> old.isOf(namespaceId) ? old.with("namespace_name", name) : old),
        kept);
  }

  /** The credential of that namespace, active or kept. */
  Optional<Credential> of(String namespaceId) {
    return active
        .filter(credential -> credential.isOf(namespaceId))
        .or(() -> Optional.ofNullable(others.get(namespaceId)));
  }

  /** Writes it in one step, readable by its owner alone. */
  void save() {
    Map<String, Object> tree = new LinkedHashMap<>();
    active.ifPresent(credential -> tree.putAll(credential.members()));
    if (!others.isEmpty()) {
      Map<String, Object> kept = new TreeMap<>();
      others.forEach((id, credential) -> kept.put(id, credential.members()));
      tree.put(OTHERS, kept);
    }
    PrivateFiles.write(path, ControlJson.bytes(tree));
  }
}
