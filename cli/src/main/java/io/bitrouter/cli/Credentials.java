package io.bitrouter.cli;

import io.bitrouter.wire.control.CredentialInfo;
import io.bitrouter.wire.control.NodeFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds the credential to use: the environment, then this host's own file, then the file that
 * {@code cloud login} writes. Nothing is ever combined from two of them.
 */
final class Credentials {
  private final World world;
  private final Home home;
  private final HostNode node;

  Credentials(World world, Home home, HostNode node) {
    this.world = world;
    this.home = home;
    this.node = node;
  }

  /** Where a credential came from. */
  enum Source {
    ENVIRONMENT,
    HOST,
    LOGIN
  }

  /**
   * The credential in use.
   *
   * @param file where it is stored; absent when it came from the environment
   */
  record InUse(Source source, SavedCredential credential, Optional<Path> file) {}

  /**
   * An operator's credential.
   *
   * @param source where it came from, for a person
   */
  record Operator(String token, String baseUrl, String source) {
    @Override
    public String toString() {
      return "Operator[" + source + "]";
    }
  }

  /** The credential in use, if there is one. */
  Optional<InUse> find() {
    return fromEnvironment().or(this::fromFiles);
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
                "run '"
                    + name
                    + " start' for a node on this host, or '"
                    + name
                    + " cloud login --api-key-file FILE --url URL' for another"));
  }

  private Optional<InUse> fromEnvironment() {
    Optional<String> url = world.variable("BITROUTER_URL");
    Optional<String> key = world.variable("BITROUTER_API_KEY");
    if (url.isPresent() != key.isPresent()) {
      throw Failure.of(
          Exit.USAGE,
          (url.isPresent() ? "BITROUTER_URL" : "BITROUTER_API_KEY") + " is set without the other",
          "set BITROUTER_URL and BITROUTER_API_KEY, or neither");
    }
    return key.map(token -> {
      SavedCredential bare =
          new SavedCredential(
              CredentialInfo.API_KEY,
              token.strip(),
              BaseUrl.of(url.orElseThrow()),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty());
      return new InUse(Source.ENVIRONMENT, bare, Optional.empty());
    });
  }

  private Optional<InUse> fromFiles() {
    Optional<CredentialFile> host = CredentialFile.load(home.credentials());
    if (host.isPresent()) {
      return host.get()
          .active()
          .map(credential ->
              new InUse(Source.HOST, whereTheNodeIs(credential), Optional.of(host.get().path())));
    }
    return CredentialFile.load(loginFile())
        .flatMap(file ->
            file.active()
                .map(credential ->
                    new InUse(
                        Source.LOGIN,
                        credential.at(BaseUrl.of(credential.baseUrl())),
                        Optional.of(file.path()))));
  }

  /** The host's node may have been started on another port since the file was written. */
  private SavedCredential whereTheNodeIs(SavedCredential credential) {
    String stored = BaseUrl.of(credential.baseUrl());
    return credential.at(
        node.running()
            .map(NodeFile::endpoint)
            .filter(endpoint -> isSameHost(stored, endpoint))
            .orElse(stored));
  }

  /** Whether two origins are on the same machine as far as their names tell. */
  static boolean isSameHost(String one, String other) {
    return (BaseUrl.isLocal(one) && BaseUrl.isLocal(other))
        || String.valueOf(URI.create(one).getHost())
            .equalsIgnoreCase(String.valueOf(URI.create(other).getHost()));
  }

  /** The file that {@code cloud login} writes, shared with the original client. */
  Path loginFile() {
    return world
        .variable("XDG_DATA_HOME")
        .map(Path::of)
        .orElseGet(() -> Home.userFolder(world).resolve(".local").resolve("share"))
        .resolve("bitrouter")
        .resolve("account-credentials.json");
  }

  /**
   * The operator's credential: from the environment, else this host's own. The latter is left alone
   * while a credential for something else than this host's node is in use.
   *
   * @throws Failure when it is this host's own and the node is not running
   */
  Optional<Operator> operator() {
    Optional<String> token = world.variable("BITROUTER_OPERATOR_TOKEN");
    if (token.isPresent()) {
      String base =
          world
              .variable("BITROUTER_URL")
              .map(BaseUrl::of)
              .or(() -> node.running().map(NodeFile::endpoint))
              .orElseGet(() -> inUse().credential().baseUrl());
      return Optional.of(new Operator(token.get().strip(), base, "BITROUTER_OPERATOR_TOKEN"));
    }
    if (find().filter(inUse -> inUse.source() != Source.HOST).isPresent()) {
      return Optional.empty();
    }
    return PrivateFiles.read(home.operatorToken())
        .map(bytes -> hostOperator(bytes, node.required().endpoint()));
  }

  /** This host's own operator credential for a node that is known to run. */
  Optional<Operator> hostOperator(NodeFile running) {
    return PrivateFiles.read(home.operatorToken())
        .map(bytes -> hostOperator(bytes, running.endpoint()));
  }

  private Operator hostOperator(byte[] token, String endpoint) {
    return new Operator(
        new String(token, StandardCharsets.UTF_8).strip(),
        endpoint,
        home.operatorToken().toString());
  }
}
