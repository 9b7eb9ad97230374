package io.bitrouter.cli;

import io.bitrouter.wire.control.Keys.CredentialInfo;
import io.bitrouter.wire.control.Keys.MintKey;
import io.bitrouter.wire.control.Keys.MintedKey;
import io.bitrouter.wire.control.Namespaces.NamespaceInfo;
import io.bitrouter.wire.control.Namespaces.NamespaceList;
import io.bitrouter.wire.control.NodeFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds the credential to use: the environment, then this host's own file, then the file that
 * {@code cloud login} writes; nothing is ever combined from two of them. Makes the host's own keys:
 * one per namespace, when first needed.
 */
final class Credentials {
  private static final String OPERATOR_TOKEN = "BITROUTER_OPERATOR_TOKEN";

  /** Every scope a key can hold. */
  private static final List<String> SCOPES =
      List.of(
          ("inference:invoke usage:read keys:read keys:write policy:read policy:write byok:read"
                  + " byok:write billing:read billing:write namespace:read routing_preset:read"
                  + " routing_preset:write clients:read clients:write user:read")
              .split(" "));

  private final Cli cli;
  private final World world;
  private final Path hostFile;
  private final Path operatorFile;

  Credentials(Cli cli) {
    this.cli = cli;
    this.world = cli.world();
    this.hostFile = world.home().resolve("credentials.json");
    this.operatorFile = world.home().resolve("secrets").resolve("operator.token");
  }

  /**
   * The credential in use.
   *
   * @param file where it is stored; absent when it came from the environment
   */
  record InUse(Credential credential, Optional<Path> file) {
    boolean isFrom(Path path) {
      return file.equals(Optional.of(path));
    }
  }

  Optional<InUse> find() {
    Optional<String> url = world.variable("BITROUTER_URL");
    Optional<String> key = world.variable("BITROUTER_API_KEY");
    if (url.isPresent() != key.isPresent()) {
      throw Failure.of(
          Exit.USAGE,
          (url.isPresent() ? "BITROUTER_URL" : "BITROUTER_API_KEY") + " is set without the other",
          "set BITROUTER_URL and BITROUTER_API_KEY, or neither");
    }
    if (url.isPresent() && key.isPresent()) {
      Credential bare = Credential.bare(key.get().strip(), BaseUrl.of(url.get()));
      return Optional.of(new InUse(bare, Optional.empty()));
    }
    Optional<CredentialFile> file = hostFile().or(() -> CredentialFile.load(loginFile()));
    return file.flatMap(CredentialFile::current)
        .map(credential -> {
          Path path = file.orElseThrow().path();
          String stored = BaseUrl.of(credential.baseUrl());
          String base = path.equals(hostFile) ? whereTheNodeIs(stored) : stored;
          return new InUse(credential.with("base_url", base), Optional.of(path));
        });
  }

  /** The host's node may have been started on another port since the file was written. */
  private String whereTheNodeIs(String stored) {
    return cli.node()
        .running()
        .map(NodeFile::endpoint)
        .filter(endpoint -> BaseUrl.isSameHost(stored, endpoint))
        .orElse(stored);
  }

  /**
   * The credential in use.
   *
   * @throws Failure when there is none, with what to run
   */
  InUse inUse() {
    String name = world.launcher().name();
    return find()
        .orElseThrow(() ->
            Failure.of(
                Exit.UNAUTHENTICATED,
                "not signed in",
                ("run '%s start' for a node on this host, or '%s cloud login --api-key-file FILE"
                        + " --url URL' for another")
                    .formatted(name, name)));
  }

  Optional<CredentialFile> hostFile() {
    return CredentialFile.load(hostFile);
  }

  CredentialFile hostFileOrEmpty() {
    return hostFile().orElseGet(() -> CredentialFile.empty(hostFile));
  }

  /** The file that {@code cloud login} writes, shared with the original client. */
  Path loginFile() {
    return world
        .variable("XDG_DATA_HOME")
        .map(Path::of)
        .orElseGet(() -> world.userFolder().resolve(".local").resolve("share"))
        .resolve("bitrouter")
        .resolve("account-credentials.json");
  }

  /**
   * The node's interface with the operator's credential, which is said on standard error: the
   * environment's, else this host's own. The latter is left alone while a credential for something
   * else than this host's node is in use.
   *
   * @throws Failure when it is this host's own and the node is not running
   */
  Optional<Api> operator() {
    Optional<String> token = world.variable(OPERATOR_TOKEN);
    if (token.isPresent()) {
      String base =
          world
              .variable("BITROUTER_URL")
              .map(BaseUrl::of)
              .or(() -> cli.node().running().map(NodeFile::endpoint))
              .orElseGet(() -> inUse().credential().baseUrl());
      cli.output().note("using the operator credential from " + OPERATOR_TOKEN);
      return Optional.of(cli.api(base, token.get().strip()));
    }
    if (find().filter(inUse -> !inUse.isFrom(hostFile)).isPresent()) {
      return Optional.empty();
    }
    Optional<byte[]> kept = PrivateFiles.read(operatorFile);
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    NodeFile node =
        cli.node()
            .running()
            .orElseThrow(() ->
                Failure.of(
                    Exit.UNREACHABLE,
                    "this host's node is not running",
                    "start it with '" + world.launcher().name() + " start'"));
    cli.output().note("using the operator credential from " + operatorFile);
    return Optional.of(hostOperator(kept.get(), node));
  }

  private Api hostOperator(byte[] token, NodeFile node) {
    return cli.api(node.endpoint(), new String(token, StandardCharsets.UTF_8).strip());
  }

  /**
   * The key that works with the running node: the stored one if it still answers, else a new one
   * for the namespace {@code default}.
   *
   * @throws Failure when neither is possible
   */
  Credential ensure(NodeFile node) {
    CredentialFile file = hostFileOrEmpty();
    Optional<Credential> stored = file.current();
    stored
        .map(Credential::baseUrl)
        .filter(base -> !BaseUrl.isSameHost(base, node.endpoint()))
        .ifPresent(base -> {
          throw Failure.of(
              Exit.CONFLICT,
              hostFile + " holds a key for " + base + ", not for this host's node",
              "move that file away and start again");
        });
    Credential working =
        stored.flatMap(key -> check(key, node.endpoint())).orElseGet(() -> mintDefault(node));
    if (!stored.equals(Optional.of(working))) {
      file.without(file.active()).activating(working).save();
    }
    return working;
  }

  private Credential mintDefault(NodeFile node) {
    Api operator =
        PrivateFiles.read(operatorFile)
            .map(bytes -> hostOperator(bytes, node))
            .orElseThrow(() ->
                Failure.of(
                    Exit.FAILURE,
                    "there is no working key, and none can be made without " + operatorFile));
    List<NamespaceInfo> all =
        Api.read(operator.get("/v1/node/namespaces"), NamespaceList.class).data();
    return all.stream()
        .filter(namespace -> namespace.name().equals("default"))
        .findFirst()
        .or(() -> all.stream().findFirst())
        .map(namespace -> mint(operator, namespace))
        .orElseThrow(() -> Failure.of(Exit.FAILURE, "the node has no namespace"));
  }

  Credential mint(Api operator, NamespaceInfo namespace) {
    MintKey wanted = new MintKey("host cli", SCOPES, Optional.empty());
    String path = "/v1/node/namespaces/" + namespace.id() + "/keys";
    MintedKey key =
        Api.read(operator.write("POST", path, new Writing(), Optional.of(wanted)), MintedKey.class);
    CredentialInfo info =
        new CredentialInfo(
            CredentialInfo.API_KEY,
            key.id(),
            key.displayName(),
            Optional.of(namespace.id()),
            Optional.of(namespace.name()),
            key.scopes(),
            key.expiresAt());
    return Credential.of(key.token(), operator.baseUrl(), info);
  }

  /** The same credential as the node now describes it; absent when it no longer answers. */
  Optional<Credential> check(Credential credential, String endpoint) {
    try {
      CredentialInfo info = cli.api(endpoint, credential.apiKey()).whoAmI();
      return Optional.of(Credential.of(credential.apiKey(), endpoint, info));
    } catch (Failure e) {
      if (e.exit == Exit.UNAUTHENTICATED) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
