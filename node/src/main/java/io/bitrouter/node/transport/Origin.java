package io.bitrouter.node.transport;

import java.net.URI;
import java.util.Locale;

/**
 * What a connection is made to; connections are shared by calls to the same one.
 *
 * @param tls whether it speaks TLS
 * @param host name or address, without brackets, lower case
 * @param port its port
 */
record Origin(boolean tls, String host, int port) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /**
   * The origin of {@code uri}.
   *
   * @throws IllegalArgumentException if it is not an absolute http or https URI with a host
   */
  static Origin of(URI uri) {
    String scheme = uri.getScheme();
    String host = uri.getHost();
    boolean tls = "https".equalsIgnoreCase(scheme);
    if (host == null || !tls && !"http".equalsIgnoreCase(scheme)) {
      throw new IllegalArgumentException("not an http or https address with a host: " + uri);
    }
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? HTTPS : HTTP;
    return new Origin(tls, bare.toLowerCase(Locale.ROOT), port);
  }

  /** The value of the {@code host} field. */
  String hostField() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == (tls ? HTTPS : HTTP) ? name : name + ":" + port;
  }
}
