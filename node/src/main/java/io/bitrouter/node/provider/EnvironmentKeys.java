package io.bitrouter.node.provider;

import io.bitrouter.core.kernel.Secret;
import io.bitrouter.node.config.ApiBase;
import io.bitrouter.node.config.ConfigException;
import io.bitrouter.node.config.ListenAddress;
import io.bitrouter.node.config.Sendable;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says of known providers: the variables that the providers' own clients read.
 *
 * <p>Those variables may just as well point at this node, for the clients on this host. Such a key
 * or base is not an account of a provider; taking it for one would make the node call itself.
 */
final class EnvironmentKeys {

  private static final List<String> OWN_TOKENS = List.of("brk_", "bro_", "bra_", "brr_");

  private final Map<String, String> environment;
  private final ListenAddress listen;

  EnvironmentKeys(Map<String, String> environment, ListenAddress listen) {
    this.environment = environment;
    this.listen = listen;
  }

  /** The key for {@code known}; empty when there is none, or one of this node's own tokens. */
  Optional<Secret> key(KnownProvider known) throws ConfigException {
    String value = value(known.keyVariable());
    if (value.isEmpty() || OWN_TOKENS.stream().anyMatch(value::startsWith)) {
      return Optional.empty();
    }
    if (!Sendable.asHeaderValue(value)) {
      throw new ConfigException(List.of(known.keyVariable() + " " + Sendable.RULE));
    }
    return Optional.of(Secret.of(value));
  }

  /** Whether there is a key for {@code known} that is a token of this node, or of another one. */
  boolean holdsOwnToken(KnownProvider known) {
    return OWN_TOKENS.stream().anyMatch(value(known.keyVariable())::startsWith);
  }

  /**
   * The base for {@code known} that the environment names, if it names one that is not this node.
   */
  Optional<URI> base(KnownProvider known) throws ConfigException {
    String value = value(known.baseVariable());
    if (value.isEmpty()) {
      return Optional.empty();
    }
    Optional<URI> base = ApiBase.parse(value);
    if (base.isEmpty()) {
      throw new ConfigException(List.of(known.baseVariable() + " " + ApiBase.RULE));
    }
    return base.filter(uri -> !thisNode(uri)).map(uri -> versioned(uri, known));
  }

  /** Whether the environment names a base for {@code known} that is this node. */
  boolean basePointsHere(KnownProvider known) {
    return ApiBase.parse(value(known.baseVariable())).filter(this::thisNode).isPresent();
  }

  private boolean thisNode(URI uri) {
    String host = uri.getHost();
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    int standard = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    int port = uri.getPort() < 0 ? standard : uri.getPort();
    return port == listen.port()
        && (bare.equalsIgnoreCase(listen.host()) || new ListenAddress(bare, port).loopback());
  }

  /**
   * Anthropic's clients want the base without {@code /v1} and OpenAI's with it; both forms are in
   * use for both. A path of its own is kept for OpenAI and followed by {@code /v1} for Anthropic,
   * as their clients would.
   */
  private static URI versioned(URI base, KnownProvider known) {
    String path = base.getRawPath();
    boolean complete =
        path.endsWith("/v1")
            || switch (known.protocol()) {
              case CHAT -> !path.isEmpty();
              case MESSAGES -> false;
            };
    return complete ? base : URI.create(base + "/v1");
  }

  private String value(String variable) {
    return environment.getOrDefault(variable, "").strip();
  }
}
