package io.bitrouter.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** The origin of a node. A key crosses a network only encrypted: plain http is for loopback. */
final class BaseUrl {
  private BaseUrl() {}

  /**
   * The URL without a trailing slash.
   *
   * @throws Failure when it is no origin, or http to another machine
   */
  static String of(String text) {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      throw bad(text, "is not valid");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw bad(text, "must begin with https:// (or http:// for this machine)");
    }
    if (uri.getHost() == null || uri.getRawUserInfo() != null) {
      throw bad(text, "must be of the form https://host or https://host:port");
    }
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    if (!(path.isEmpty() || path.equals("/"))
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      throw bad(text, "must not have a path, query or fragment");
    }
    if (scheme.equals("http") && !isLoopback(uri.getHost())) {
      throw bad(text, "would send the key unencrypted: http is allowed to this machine only");
    }
    return scheme + "://" + uri.getRawAuthority().toLowerCase(Locale.ROOT);
  }

  /** Whether the origin is on this machine. */
  static boolean isLocal(String baseUrl) {
    String host = URI.create(baseUrl).getHost();
    return host != null && isLoopback(host);
  }

  private static boolean isLoopback(String host) {
    if (host.equalsIgnoreCase("localhost") || host.equals("[::1]")) {
      return true;
    }
    String[] parts = host.split("\\.", -1);
    if (parts.length != 4 || !parts[0].equals("127")) {
      return false;
    }
    for (String part : parts) {
      if (part.isEmpty()
          || part.length() > 3
          || !part.chars().allMatch(c -> c >= '0' && c <= '9')
          || Integer.parseInt(part) > 255) {
        return false;
      }
    }
    return true;
  }

  private static Failure bad(String url, String why) {
    return Failure.of(Exit.USAGE, "the URL " + url + " " + why);
  }
}
