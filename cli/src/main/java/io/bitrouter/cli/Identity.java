package io.bitrouter.cli;

import io.bitrouter.wire.control.CredentialInfo;
import io.bitrouter.wire.control.Rfc3339;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who the person is to the node: from the credentials file without a network call, and only when
 * that does not say, from the node.
 */
final class Identity {
  private final Cli cli;

  Identity(Cli cli) {
    this.cli = cli;
  }

  /** What is known about the credential in use. */
  CredentialInfo info() {
    return cli.credentials().inUse().credential().info().orElseGet(() -> cli.api().whoAmI());
  }

  /** The credential as a JSON object. */
  Map<String, @Nullable Object> object() {
    Credentials.InUse inUse = cli.credentials().inUse();
    CredentialInfo info = info();
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("kind", info.kind());
    shown.put("id", info.id());
    shown.put("name", info.name());
    shown.put("namespace_id", info.namespaceId().orElse(null));
    shown.put("namespace_name", info.namespaceName().orElse(null));
    shown.put("scopes", info.scopes());
    info.expiresAt().ifPresent(time -> shown.put("expires_at", Rfc3339.format(time)));
    shown.put("base_url", inUse.credential().baseUrl());
    inUse.file().ifPresent(file -> shown.put("credentials_path", file.toString()));
    return shown;
  }

  /** The same, or nothing when there is no credential or nobody can say what it is. */
  Optional<Map<String, @Nullable Object>> described() {
    try {
      return Optional.of(object());
    } catch (Failure e) {
      return Optional.empty();
    }
  }

  /** One line about the credential, whatever state it is in. */
  String summary() {
    try {
      return describe(info());
    } catch (Failure e) {
      return e.getMessage();
    }
  }

  /** One line about a credential. */
  static String describe(CredentialInfo info) {
    return "%s (%s), namespace %s".formatted(info.name(), info.id(), namespace(info));
  }

  private static String namespace(CredentialInfo info) {
    return "%s (%s)"
        .formatted(info.namespaceName().orElse("none"), info.namespaceId().orElse("none"));
  }

  /** Prints it as {@code whoami} does. */
  void print() {
    if (cli.output().json()) {
      cli.output().object(object());
      return;
    }
    Credentials.InUse inUse = cli.credentials().inUse();
    CredentialInfo info = info();
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("key", "%s (%s)".formatted(info.name(), info.id()));
    shown.put("namespace", namespace(info));
    shown.put("scopes", String.join(" ", info.scopes()));
    shown.put("expires", info.expiresAt().map(Rfc3339::format).orElse("never"));
    shown.put(
        "credentials",
        inUse.file().map(Object::toString).orElse("BITROUTER_URL and BITROUTER_API_KEY"));
    shown.put("base url", inUse.credential().baseUrl());
    cli.output().fields(shown);
  }
}
