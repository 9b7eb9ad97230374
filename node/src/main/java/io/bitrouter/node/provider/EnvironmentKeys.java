package io.bitrouter.node.provider;

import io.bitrouter.core.kernel.Secret;
import io.bitrouter.node.config.ConfigException;
import io.bitrouter.node.config.Kind;
import io.bitrouter.node.config.ListenAddress;
import io.bitrouter.node.provider.BundledCatalog.KnownProvider;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says of known providers: the variables that the providers' own clients read.
 *
 * <p>Those variables may just as well point at this node, for the clients on this host. Such a key
 * or base is not an account of a provider; taking it for one would make the node call itself. It is
 * left alone, with a warning.
 */
record EnvironmentKeys(
    Map<String, String> environment, ListenAddress listen, List<String> warnings) {

  private static final List<String> OWN_TOKENS = List.of("brk_", "bro_", "bra_", "brr_");

  Optional<Secret> key(KnownProvider known) throws ConfigException {
    Optional<String> value = value(known.keyVariable());
    if (value.isPresent() && OWN_TOKENS.stream().anyMatch(value.get()::startsWith)) {
      warnings.add(
          "%s holds a token of this program, not a key of provider '%s', and is not used"
              .formatted(known.keyVariable(), known.id()));
      return Optional.empty();
    }
    return value.isEmpty()
        ? Optional.empty()
        : Optional.of(read(known.keyVariable(), value.get(), Kind.PROVIDER_KEY));
  }

  /** The base that the environment names, or else the provider's own. */
  URI base(KnownProvider known) throws ConfigException {
    Optional<String> value = value(known.baseVariable());
    if (value.isEmpty()) {
      return known.base();
    }
    URI base = read(known.baseVariable(), value.get(), Kind.API_BASE);
    if (thisNode(base)) {
      warnings.add(
          "%s points at this node and is not used for provider '%s'"
              .formatted(known.baseVariable(), known.id()));
      return known.base();
    }
    // Anthropic's clients want the base without /v1 and OpenAI's with it; both forms are in use for
    // both. A path of its own is kept for OpenAI and followed by /v1 for Anthropic, as their
    // clients would.
    String path = base.getRawPath();
    return switch (known.protocol()) {
      case CHAT, RESPONSES -> path.isEmpty() ? URI.create(base + "/v1") : base;
      case MESSAGES -> path.endsWith("/v1") ? base : URI.create(base + "/v1");
      case GEMINI -> path.isEmpty() ? URI.create(base + "/v1beta") : base;
    };
  }

  private boolean thisNode(URI uri) {
    String host = uri.getHost().replaceAll("[\\[\\]]", "");
    int standard = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    int port = uri.getPort() < 0 ? standard : uri.getPort();
    return port == listen.port()
        && (host.equalsIgnoreCase(listen.host()) || new ListenAddress(host, port).loopback());
  }

  private static <T> T read(String variable, String value, Kind<T> kind) throws ConfigException {
    return kind.read(value)
        .orElseThrow(() -> new ConfigException(List.of(variable + " " + kind.rule())));
  }

  private Optional<String> value(String variable) {
    return Optional.ofNullable(environment.get(variable))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }
}
