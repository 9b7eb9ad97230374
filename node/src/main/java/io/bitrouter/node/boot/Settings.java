package io.bitrouter.node.boot;

import io.bitrouter.node.config.ListenAddress;
import io.bitrouter.node.config.NodeConfig;
import io.bitrouter.node.edge.EdgeLimits;
import io.bitrouter.node.edge.EventLoops;
import io.bitrouter.node.edge.TlsFiles;
import io.bitrouter.node.transport.OnDisconnect;
import io.bitrouter.node.transport.UpstreamTimeouts;
import io.bitrouter.store.journal.JournalSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;

/** Hands the configuration to each part in the part's own words. */
final class Settings {

  private static final int MOST_LOOPS = 8;

  private Settings() {}

  static JournalSettings journal(NodeConfig config) {
    return new JournalSettings(
        config.journal().sync() == NodeConfig.Sync.ALWAYS,
        config.journal().group(),
        config.journal().maxBytes());
  }

  static EventLoops.Transport transport(NodeConfig config) {
    return switch (config.server().transport()) {
      case AUTO -> EventLoops.Transport.AUTO;
      case EPOLL -> EventLoops.Transport.EPOLL;
      case NIO -> EventLoops.Transport.NIO;
    };
  }

  /** One loop a core; more than eight have nothing to do in a process of this kind. */
  static int loopThreads() {
    return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_LOOPS);
  }

  static UpstreamTimeouts upstream(NodeConfig config) {
    NodeConfig.Upstream upstream = config.upstream();
    return new UpstreamTimeouts(
        upstream.connect(),
        upstream.firstToken(),
        upstream.idle(),
        upstream.total(),
        upstream.poolIdle());
  }

  static OnDisconnect onDisconnect(NodeConfig config) {
    return switch (config.upstream().onDisconnect()) {
      case CANCEL -> OnDisconnect.CANCEL;
      case DRAIN -> OnDisconnect.DRAIN;
    };
  }

  static EdgeLimits edge(NodeConfig config) {
    NodeConfig.Limits limits = config.limits();
    return new EdgeLimits(
        limits.bodyBytes(),
        limits.headerBytes(),
        limits.bufferedBytes(),
        limits.headerTimeout(),
        limits.bodyIdle(),
        limits.clientStall(),
        config.server().maxConnections());
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
