package io.bitrouter.cli;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/** The origin of a node. A key crosses a network only encrypted: plain http is for loopback. */
final class BaseUrl {
  private static final Pattern ORIGIN =
      Pattern.compile("https?://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|\\[::1]|127(\\.(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})){3}");

  private BaseUrl() {}

  /**
   * The URL in lower case, without a trailing slash.
   *
   * @throws Failure when it is no origin, or http to another machine
   */
  static String of(String text) {
    String url = text.strip().toLowerCase(Locale.ROOT).replaceFirst("/$", "");
    if (!ORIGIN.matcher(url).matches()) {
      throw Failure.of(
          Exit.USAGE,
          "the URL "
              + text
              + " must be of the form https://host or https://host:port,"
              + " without a path (or http:// for this machine)");
    }
    if (url.startsWith("http:") && !isLocal(url)) {
      throw Failure.of(
          Exit.USAGE,
          "the URL "
              + text
              + " would send the key unencrypted: http is allowed to this machine"
              + " only");
    }
    return url;
  }

  /** Whether the origin is on this machine. */
  static boolean isLocal(String baseUrl) {
    return LOOPBACK.matcher(host(baseUrl)).matches();
  }

  /** Whether two origins are on the same machine as far as their names tell. */
  static boolean isSameHost(String one, String other) {
    return (isLocal(one) && isLocal(other)) || host(one).equals(host(other));
  }

  private static String host(String baseUrl) {
    return String.valueOf(URI.create(baseUrl).getHost());
  }
}
