package io.bitrouter.node.config;

import io.bitrouter.node.config.NodeConfig.Journal;
import io.bitrouter.node.config.NodeConfig.Limits;
import io.bitrouter.node.config.NodeConfig.LogLevel;
import io.bitrouter.node.config.NodeConfig.OnDisconnect;
import io.bitrouter.node.config.NodeConfig.Server;
import io.bitrouter.node.config.NodeConfig.Simulator;
import io.bitrouter.node.config.NodeConfig.Sync;
import io.bitrouter.node.config.NodeConfig.Tls;
import io.bitrouter.node.config.NodeConfig.Transport;
import io.bitrouter.node.config.NodeConfig.Upstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a {@link NodeConfig} of a file's root section: keys, defaults, ranges, and rules between
 * them.
 */
final class ConfigBinder {

  private static final ListenAddress LISTEN = new ListenAddress("127.0.0.1", 4356);
  private static final ListenAddress ADMIN = new ListenAddress("127.0.0.1", 4357);
  private static final long HOUR_MS = 3_600_000;
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;
  private static final long TIB = 1L << 40;

  private final Path file;
  private final ConfigFile.Overrides overrides;

  ConfigBinder(Path file, ConfigFile.Overrides overrides) {
    this.file = file;
    this.overrides = overrides;
  }

  NodeConfig bind(Section root) {
    Server server = server(root.section("server"));
    Limits limits = limits(root.section("limits"));
    Upstream upstream = upstream(root.section("upstream"));
    Journal journal = journal(root.section("journal"));
    try (Section simulator = root.section("simulator");
        Section log = root.section("log")) {
      return new NodeConfig(
          server,
          limits,
          upstream,
          journal,
          new ProviderBinder(file).bind(root.section("providers")),
          simulator
              .choice(
                  "enabled",
                  ordered(
                      Map.entry("auto", Simulator.AUTO),
                      Map.entry("true", Simulator.ON),
                      Map.entry("false", Simulator.OFF)))
              .orElse(Simulator.AUTO),
          log.choice(
                  "level",
                  ordered(
                      Map.entry("error", LogLevel.ERROR),
                      Map.entry("warn", LogLevel.WARN),
                      Map.entry("info", LogLevel.INFO),
                      Map.entry("debug", LogLevel.DEBUG)))
              .orElse(LogLevel.INFO));
    }
  }

  private Server server(Section server) {
    try (server) {
      Optional<ListenAddress> inFile = address(server, "listen");
      ListenAddress listen = overriddenListen(server).or(() -> inFile).orElse(LISTEN);
      ListenAddress admin =
          address(server, "admin_listen")
              .orElse(listen.port() == 0 ? new ListenAddress(ADMIN.host(), 0) : ADMIN);
      Tls tls = tls(server);
      checkReach(server, listen, admin, tls);
      return new Server(
          listen,
          admin,
          tls,
          server
              .choice(
                  "transport",
                  ordered(
                      Map.entry("auto", Transport.AUTO),
                      Map.entry("epoll", Transport.EPOLL),
                      Map.entry("nio", Transport.NIO)))
              .orElse(Transport.AUTO),
          (int) server.integer("max_connections", 10_000, 1, 1_000_000),
          (int) server.integer("max_concurrency", 4_096, 1, 1_000_000),
          server.time("drain_secs", Duration.ofSeconds(30), Duration::ofSeconds, 0, 3_600));
    }
  }

  private static Optional<ListenAddress> address(Section server, String key) {
    return server
        .text(key)
        .flatMap(text -> {
          Optional<ListenAddress> address = ListenAddress.parse(text);
          if (address.isEmpty()) {
            server.wrong(key, ListenAddress.RULE);
          }
          return address;
        });
  }

  private Optional<ListenAddress> overriddenListen(Section server) {
    return overrides
        .listen()
        .flatMap(text -> {
          Optional<ListenAddress> address = ListenAddress.parse(text);
          if (address.isEmpty()) {
            server.wrongOutside("--listen " + ListenAddress.RULE);
          }
          return address;
        });
  }

  private Tls tls(Section server) {
    if (!server.holdsKeys("tls")) {
      return server
          .choice("tls", Map.<String, Tls>of("terminated_elsewhere", new Tls.TerminatedElsewhere()))
          .orElse(new Tls.Off());
    }
    try (Section tls = server.section("tls")) {
      return new Tls.Files(pemFile(tls, "cert"), pemFile(tls, "key"));
    }
  }

  /** The absolute path of a file named relative to the configuration's folder. */
  private Path pemFile(Section tls, String key) {
    Optional<String> name = tls.text(key);
    if (name.isEmpty()) {
      if (!tls.has(key)) {
        tls.wrong(key, "is missing; server.tls needs cert and key, both PEM files");
      }
      return file.toAbsolutePath();
    }
    Path path = file.toAbsolutePath().resolveSibling(name.get()).normalize();
    if (!Files.isReadable(path) || Files.isDirectory(path)) {
      tls.wrong(key, "is not a file this user can read");
    }
    return path;
  }

  /** Decision D9: nothing crosses a network in the clear unless somebody says that it does not. */
  private static void checkReach(
      Section server, ListenAddress listen, ListenAddress admin, Tls tls) {
    if (tls instanceof Tls.Off && !listen.loopback()) {
      server.wrongOutside(
          "server.listen is "
              + listen
              + ", which others can reach, and without TLS they could read every key and prompt:"
              + " set server.tls: {cert: FILE, key: FILE}, or server.tls: terminated_elsewhere if a"
              + " proxy in front of the node does TLS, or listen on 127.0.0.1");
    }
    if (!(tls instanceof Tls.TerminatedElsewhere) && !admin.loopback()) {
      server.wrongOutside(
          "server.admin_listen is "
              + admin
              + ", which others can reach, and that listener has no TLS of its own: set"
              + " server.tls: terminated_elsewhere if a proxy in front of the node does TLS, or"
              + " listen on 127.0.0.1");
    }
    if (listen.port() != 0 && listen.port() == admin.port()) {
      server.wrongOutside("server.listen and server.admin_listen need different ports");
    }
  }

  private static Limits limits(Section limits) {
    try (limits) {
      int body = (int) limits.bytes("body_bytes", 16 * MIB, KIB, GIB);
      int header = (int) limits.bytes("header_bytes", 64 * KIB, KIB, MIB);
      long buffered = limits.bytes("buffered_bytes", 256 * MIB, KIB, TIB);
      if (buffered < body) {
        limits.wrong(
            "buffered_bytes",
            "must be at least limits.body_bytes (" + ByteSize.text(body) + "), or no body fits");
      }
      return new Limits(
          body,
          header,
          buffered,
          millis(limits, "header_timeout_ms", 10_000),
          millis(limits, "body_idle_ms", 30_000),
          millis(limits, "client_stall_ms", 60_000));
    }
  }

  private static Upstream upstream(Section upstream) {
    try (upstream) {
      return new Upstream(
          millis(upstream, "connect_ms", 5_000),
          millis(upstream, "first_token_ms", 120_000),
          millis(upstream, "idle_ms", 120_000),
          millis(upstream, "total_ms", 600_000),
          millis(upstream, "pool_idle_ms", 60_000),
          upstream
              .choice(
                  "on_disconnect",
                  ordered(
                      Map.entry("cancel", OnDisconnect.CANCEL),
                      Map.entry("drain", OnDisconnect.DRAIN)))
              .orElse(OnDisconnect.CANCEL));
    }
  }

  private static Journal journal(Section journal) {
    try (journal) {
      return new Journal(
          journal
              .choice(
                  "sync", ordered(Map.entry("group", Sync.GROUP), Map.entry("always", Sync.ALWAYS)))
              .orElse(Sync.GROUP),
          journal.time("group_ms", Duration.ofMillis(5), Duration::ofMillis, 1, 1_000),
          journal.bytes("max_bytes", GIB, MIB, TIB));
    }
  }

  private static Duration millis(Section section, String key, long fallback) {
    return section.time(key, Duration.ofMillis(fallback), Duration::ofMillis, 1, HOUR_MS);
  }

  @SafeVarargs
  private static <T> Map<String, T> ordered(Map.Entry<String, T>... entries) {
    Map<String, T> map = new LinkedHashMap<>();
    for (Map.Entry<String, T> entry : entries) {
      map.put(entry.getKey(), entry.getValue());
    }
    return map;
  }
}
