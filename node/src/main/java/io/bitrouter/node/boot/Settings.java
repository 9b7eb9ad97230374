package io.bitrouter.node.boot;

import io.bitrouter.node.config.ListenAddress;
import io.bitrouter.node.config.NodeConfig;
import io.bitrouter.node.edge.TlsFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;

/** Hands the configuration to each part in the part's own words. */
final class Settings {

  private static final int MOST_LOOPS = 8;

  private Settings() {}

  /** One loop a core; more than eight have nothing to do in a process of this kind. */
  static int loopThreads() {
    return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_LOOPS);
  }

  static Optional<TlsFiles> tls(NodeConfig config) {
    return switch (config.server().tls()) {
      case NodeConfig.Tls.Files(var certificate, var key) ->
          Optional.of(new TlsFiles(certificate, key));
      case NodeConfig.Tls.Off unused -> Optional.empty();
      case NodeConfig.Tls.TerminatedElsewhere unused -> Optional.empty();
    };
  }

  static String scheme(NodeConfig config) {
    return tls(config).isPresent() ? "https" : "http";
  }

  static InetSocketAddress address(ListenAddress address) {
    return new InetSocketAddress(address.host(), address.port());
  }

  /** Where this machine reaches what was bound: a wildcard address is reached by loopback. */
  static URI uri(String scheme, ListenAddress asked, InetSocketAddress bound) {
    InetAddress address = bound.getAddress();
    String host =
        address.isAnyLocalAddress()
            ? "127.0.0.1"
            : asked.host().contains(":") ? "[" + asked.host() + "]" : asked.host();
    return URI.create(scheme + "://" + host + ":" + bound.getPort());
  }
}
