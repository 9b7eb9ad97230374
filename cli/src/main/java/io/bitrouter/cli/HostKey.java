package io.bitrouter.cli;

import io.bitrouter.wire.control.CredentialInfo;
import io.bitrouter.wire.control.MintKey;
import io.bitrouter.wire.control.MintedKey;
import io.bitrouter.wire.control.NamespaceInfo;
import io.bitrouter.wire.control.NamespaceList;
import io.bitrouter.wire.control.NodeFile;
import java.util.List;
import java.util.Optional;

/** The keys this host's own terminal program uses: one per namespace, made when first needed. */
final class HostKey {
  /** Every scope a key can hold. */
  private static final List<String> SCOPES =
      List.of(
          "inference:invoke",
          "usage:read",
          "keys:read",
          "keys:write",
          "policy:read",
          "policy:write",
          "byok:read",
          "byok:write",
          "billing:read",
          "billing:write",
          "namespace:read",
          "routing_preset:read",
          "routing_preset:write",
          "clients:read",
          "clients:write",
          "user:read");

  private static final String DEFAULT = "default";

  private final Cli cli;

  HostKey(Cli cli) {
    this.cli = cli;
  }

  /**
   * The key that works with the running node: the stored one if it still answers, else a new one
   * for the namespace {@code default}.
   *
   * @throws Failure when neither is possible
   */
  SavedCredential ensure(NodeFile node) {
    CredentialFile file = load();
    Optional<SavedCredential> stored = file.active();
    if (stored.isPresent()) {
      String base = stored.get().baseUrl();
      if (!Credentials.isSameHost(base, node.endpoint())) {
        throw Failure.of(
            Exit.CONFLICT,
            file.path() + " holds a key for " + base + ", not for this host's node",
            "move that file away and start again");
      }
      Optional<SavedCredential> working = check(stored.get(), node.endpoint());
      if (working.isPresent()) {
        if (!working.equals(stored)) {
          new CredentialFile(file.path(), working, file.others()).save();
        }
        return working.get();
      }
    }
    Credentials.Operator operator =
        cli.credentials()
            .hostOperator(node)
            .orElseThrow(() ->
                Failure.of(
                    Exit.FAILURE,
                    "there is no working key, and none can be made without "
                        + cli.home().operatorToken()));
    Api api = cli.api(operator.baseUrl(), operator.token());
    SavedCredential made = mint(api, standard(api));
    new CredentialFile(file.path(), Optional.of(made), file.others()).save();
    return made;
  }

  private static NamespaceInfo standard(Api operator) {
    List<NamespaceInfo> all =
        Api.read(operator.get("/v1/node/namespaces"), NamespaceList.class).data();
    return all.stream()
        .filter(namespace -> namespace.name().equals(DEFAULT))
        .findFirst()
        .or(() -> all.stream().findFirst())
        .orElseThrow(() -> Failure.of(Exit.FAILURE, "the node has no namespace"));
  }

  /** Makes a key of that namespace for this host. */
  SavedCredential mint(Api operator, NamespaceInfo namespace) {
    MintedKey key =
        Api.read(
            operator.send(
                "POST",
                "/v1/node/namespaces/" + namespace.id() + "/keys",
                new MintKey("host cli", SCOPES, Optional.empty())),
            MintedKey.class);
    CredentialInfo info =
        new CredentialInfo(
            CredentialInfo.API_KEY,
            key.id(),
            key.displayName(),
            Optional.of(namespace.id()),
            Optional.of(namespace.name()),
            key.scopes(),
            key.expiresAt());
    return SavedCredential.of(key.token(), operator.baseUrl(), info);
  }

  /** The same credential as the node now describes it; absent when it no longer answers. */
  Optional<SavedCredential> check(SavedCredential credential, String endpoint) {
    try {
      CredentialInfo info = cli.api(endpoint, credential.apiKey()).whoAmI();
      return Optional.of(SavedCredential.of(credential.apiKey(), endpoint, info));
    } catch (Failure e) {
      if (e.exit() == Exit.UNAUTHENTICATED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** This host's credentials file, or an empty one. */
  CredentialFile load() {
    return CredentialFile.load(cli.home().credentials())
        .orElseGet(() -> CredentialFile.empty(cli.home().credentials()));
  }
}
