package io.bitrouter.node.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Rule for where a provider's API starts. */
public final class ApiBase {

  /** The rule in words, for error messages. */
  public static final String RULE =
      "must be http:// or https://, a host, maybe a port and a path, as in"
          + " https://api.example.com/v1, without user information, query or fragment";

  private ApiBase() {}

  /** Parses and takes trailing slashes off; empty when {@code text} breaks the rule. */
  public static Optional<URI> parse(String text) {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
    String scheme = uri.getScheme();
    boolean web = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    if (!web
        || uri.getHost() == null
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || uri.getPort() == 0
        || uri.getPort() > 65_535) {
      return Optional.empty();
    }
    String whole = uri.toString();
    int end = whole.length();
    while (whole.charAt(end - 1) == '/') {
      end--;
    }
    return Optional.of(URI.create(whole.substring(0, end)));
  }

  /** Whether the key and every prompt would cross a network in the clear. */
  public static boolean exposed(URI base) {
    return "http".equalsIgnoreCase(base.getScheme()) && !loopback(base.getHost());
  }

  private static boolean loopback(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      return InetAddress.ofLiteral(bare).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
