package io.bitrouter.cli;

import io.bitrouter.wire.control.ControlFormatException;
import io.bitrouter.wire.control.ControlJson;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
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
    try {
      JsonNode tree = ControlJson.mapper().readTree(bytes);
      if (!(tree instanceof ObjectNode object)) {
        throw unusable(path, "is not a JSON object");
      }
      Map<String, SavedCredential> others = new TreeMap<>();
      if (object.remove(OTHERS) instanceof ObjectNode kept) {
        for (Map.Entry<String, JsonNode> entry : kept.properties()) {
          others.put(entry.getKey(), credential(path, entry.getValue()));
        }
      }
      Optional<SavedCredential> active =
          object.isEmpty() ? Optional.empty() : Optional.of(credential(path, object));
      return new CredentialFile(path, active, others);
    } catch (JacksonException | ControlFormatException e) {
      throw unusable(path, "is not a credentials file");
    }
  }

  private static SavedCredential credential(Path path, JsonNode node) {
    if (!node.path("kind").asString("oauth").equals("api_key")) {
      throw unusable(path, "holds a browser sign-in, which this version cannot use");
    }
    if (!node.path("api_key").isString() || !node.path("base_url").isString()) {
      throw unusable(path, "has no api_key or no base_url");
    }
    return ControlJson.mapper().treeToValue(node, SavedCredential.class);
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
