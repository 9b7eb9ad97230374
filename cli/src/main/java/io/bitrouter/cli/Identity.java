package io.bitrouter.cli;

import io.bitrouter.wire.control.Keys.CredentialInfo;
import io.bitrouter.wire.control.Rfc3339;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who the person is to the node: from the credentials file without a network call, and only when
 * that does not say, from the node.
 */
final class Identity {
  private final Credentials.InUse inUse;
  private final CredentialInfo info;

  /**
   * Finds it out.
   *
   * @throws Failure when there is no credential or nobody can say what it is
   */
  Identity(Cli cli) {
    this.inUse = cli.credentials().inUse();
    this.info = inUse.credential().info().orElseGet(() -> cli.api().whoAmI());
  }

  CredentialInfo info() {
    return info;
  }

  Map<String, @Nullable Object> object() {
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

  static String describe(CredentialInfo info) {
    return "%s (%s), namespace %s".formatted(info.name(), info.id(), namespace(info));
  }

  private static String namespace(CredentialInfo info) {
    return "%s (%s)"
        .formatted(info.namespaceName().orElse("none"), info.namespaceId().orElse("none"));
  }

  static void print(Cli cli) {
    Identity identity = new Identity(cli);
    if (cli.output().json()) {
      cli.output().object(identity.object());
    } else {
      cli.output().fields(identity.fields());
    }
  }

  private Map<String, String> fields() {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("key", "%s (%s)".formatted(info.name(), info.id()));
    shown.put("namespace", namespace(info));
    shown.put("scopes", String.join(" ", info.scopes()));
    shown.put("expires", info.expiresAt().map(Rfc3339::format).orElse("never"));
    String origin =
        inUse.file().map(Object::toString).orElse("BITROUTER_URL and BITROUTER_API_KEY");
    shown.put("credentials", origin);
    shown.put("base url", inUse.credential().baseUrl());
    return shown;
  }
}
