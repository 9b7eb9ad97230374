package io.bitrouter.node.config;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a listener binds.
 *
 * @param host an IP address without brackets, or a host name
 * @param port 0 to 65535; 0 lets the kernel choose
 */
public record ListenAddress(String host, int port) {

  /** {@code HOST:PORT}; an IPv6 address stands in brackets. */
  static final Kind<ListenAddress> KIND =
      new Kind<>(
          "must be HOST:PORT like 127.0.0.1:4356 or [::1]:4356, port 0 to 65535, 0 any free port",
          ListenAddress::parse);

  private static final Pattern FORM =
      Pattern.compile("(?:\\[([\\w.%-]*:[\\w.%:-]+)]|([\\w.-]+)):([0-9]{1,5})");

  private static Optional<ListenAddress> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return Optional.of(new ListenAddress(host, Integer.parseInt(matcher.group(3))))
        .filter(address -> address.port <= 65_535);
  }

  /**
   * Whether only this host can reach it: an address of the loopback network, or {@code localhost}.
   * Other names count as off loopback, without a look-up.
   */
  public boolean loopback() {
    try {
      return host.equalsIgnoreCase("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
