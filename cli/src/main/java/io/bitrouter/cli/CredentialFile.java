package io.bitrouter.cli;

import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.CredentialInfo;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A credentials file: the active credential is the object itself, so that the original client can
 * read it; those of other namespaces are its member {@code others}, by namespace id.
 *
 * @param path where it is
 * @param active what commands use; absent when its namespace was deleted
 * @param others kept for {@code cloud namespace use}
 */
record CredentialFile(
    Path path, Optional<SavedCredential> active, Map<String, SavedCredential> others) {
  private static final String OTHERS = "others";

  CredentialFile {
    others = Map.copyOf(others);
  }

  /** A file that does not exist yet. */
  static CredentialFile empty(Path path) {
    return new CredentialFile(path, Optional.empty(), Map.of());
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
    Map<String, SavedCredential> others = new TreeMap<>();
    LightJson.object(members.remove(OTHERS))
        .ifPresent(kept ->
            kept.forEach((id, one) ->
                others.put(id, credential(path, LightJson.object(one).orElseGet(Map::of)))));
    Optional<SavedCredential> active =
        members.isEmpty() ? Optional.empty() : Optional.of(credential(path, members));
    return new CredentialFile(path, active, others);
  }

  private static SavedCredential credential(Path path, Map<String, @Nullable Object> members) {
    if (!LightJson.text(members, "kind").orElse("oauth").equals(CredentialInfo.API_KEY)) {
      throw unusable(path, "holds a browser sign-in, which this version cannot use");
    }
    return SavedCredential.read(members)
        .orElseThrow(() -> unusable(path, "lacks api_key or base_url, or has a wrong expires_at"));
  }

  private static Failure unusable(Path path, String why) {
    return Failure.of(Exit.UNAUTHENTICATED, "the credentials file " + path + " " + why);
  }

  /** With another active credential; the present one is kept among the others. */
  CredentialFile activating(SavedCredential credential) {
    Map<String, SavedCredential> kept = new TreeMap<>(others);
    active.ifPresent(old -> old.namespaceId().ifPresent(id -> kept.put(id, old)));
    credential.namespaceId().ifPresent(kept::remove);
    return new CredentialFile(path, Optional.of(credential), kept);
  }

  /** Without what belongs to that namespace. */
  CredentialFile without(String namespaceId) {
    Map<String, SavedCredential> kept = new TreeMap<>(others);
    kept.remove(namespaceId);
    return new CredentialFile(path, active.filter(old -> !isOf(old, namespaceId)), kept);
  }

  /** With the namespace under its new name. */
  CredentialFile renaming(String namespaceId, String name) {
    Map<String, SavedCredential> kept = new TreeMap<>(others);
    kept.computeIfPresent(namespaceId, (id, old) -> old.inNamespaceNamed(name));
    return new CredentialFile(
        path, active.map(old -> isOf(old, namespaceId) ? old.inNamespaceNamed(name) : old), kept);
  }

  /** The credential of that namespace, active or kept. */
  Optional<SavedCredential> of(String namespaceId) {
    return active
        .filter(credential -> isOf(credential, namespaceId))
        .or(() -> Optional.ofNullable(others.get(namespaceId)));
  }

  /** Writes it in one step, readable by its owner alone. */
  void save() {
    ObjectNode tree =
        active
            .map(credential -> ControlJson.mapper().<ObjectNode>valueToTree(credential))
            .orElseGet(() -> ControlJson.mapper().createObjectNode());
    if (!others.isEmpty()) {
      tree.set(OTHERS, ControlJson.mapper().valueToTree(new TreeMap<>(others)));
    }
    PrivateFiles.write(path, ControlJson.bytes(tree));
  }

  private static boolean isOf(SavedCredential credential, String namespaceId) {
    return credential.namespaceId().equals(Optional.of(namespaceId));
  }
}
