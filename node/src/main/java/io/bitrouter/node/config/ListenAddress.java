package io.bitrouter.node.config;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Where a listener binds.
 *
 * @param host an IP address without brackets, or a host name
 * @param port 0 to 65535; 0 lets the kernel choose
 */
public record ListenAddress(String host, int port) {

  /** The form in words, for error messages. */
  static final String RULE =
      "must be HOST:PORT like 127.0.0.1:4356 or [::1]:4356, port 0 to 65535, 0 for any free port";

  /** Parses {@code HOST:PORT}; an IPv6 address stands in brackets. Empty when it is not that. */
  public static Optional<ListenAddress> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    String port = text.substring(colon + 1);
    boolean brackets = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
    if (brackets) {
      host = host.substring(1, host.length() - 1);
    }
    if (brackets != host.contains(":") || !hostCharacters(host) || !digits(port)) {
      return Optional.empty();
    }
    int number = Integer.parseInt(port);
    return number > 65_535 ? Optional.empty() : Optional.of(new ListenAddress(host, number));
  }

  /**
   * Whether only this host can reach it: an address of the loopback network, or {@code localhost}.
   * Other names count as off loopback, without a look-up.
   */
  public boolean loopback() {
    if (host.equals("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean digits(String text) {
    return !text.isEmpty()
        && text.length() <= 5
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean hostCharacters(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(c ->
                c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '.'
                    || c == '-'
                    || c == ':'
                    || c == '%');
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
