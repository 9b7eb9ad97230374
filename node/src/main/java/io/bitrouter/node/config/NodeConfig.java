package io.bitrouter.node.config;

import static io.bitrouter.node.config.Kind.size;
import static io.bitrouter.node.config.Kind.whole;

import io.bitrouter.core.admission.Admission;
import io.bitrouter.node.edge.EdgeLimits;
import io.bitrouter.node.edge.EventLoops;
import io.bitrouter.node.transport.OnDisconnect;
import io.bitrouter.node.transport.UpstreamTimeouts;
import io.bitrouter.store.journal.JournalSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything an operator can set, checked and with defaults filled in; {@code
 * docs/configuration.md} says what each key means. Immutable.
 *
 * @param providers what the file says of providers, in its order
 */
public record NodeConfig(
    Server server,
    EdgeLimits limits,
    Upstream upstream,
    JournalSettings journal,
    Admission.Bounds admission,
    List<ProviderSettings> providers,
    Simulator simulator,
    LogLevel logLevel) {

  private static final Kind<Duration> MILLIS = whole(1, 3_600_000, Duration::ofMillis);
  private static final Kind<Integer> MANY = whole(1, 1_000_000, Math::toIntExact);

  /** Reads the root of a file; {@code listen} is the command line's, and wins. */
  static NodeConfig of(Setting root, Optional<ListenAddress> listen) {
    Server server = root.at("server").bind(found -> Server.of(found, listen));
    return new NodeConfig(
        server,
        root.at("limits").bind(limits -> limits(limits, server.maxConnections())),
        root.at("upstream").bind(Upstream::of),
        root.at("journal").bind(NodeConfig::journal),
        root.at("admission").bind(NodeConfig::admission),
        root.at("providers").bind(ProviderSettings::of),
        root.at("simulator").bind(simulator -> simulator.get("enabled", Simulator.AUTO)),
        root.at("log").bind(log -> log.get("level", LogLevel.INFO)));
  }

  /** Listeners, what the node takes on at one time, and how long a stop waits for it. */
  public record Server(
      ListenAddress listen,
      ListenAddress adminListen,
      Tls tls,
      EventLoops.Transport transport,
      int maxConnections,
      int maxConcurrency,
      Duration drain) {

    private static Server of(Setting server, Optional<ListenAddress> commandLine) {
      var inFile = server.get("listen", ListenAddress.KIND, new ListenAddress("127.0.0.1", 4356));
      var listen = commandLine.orElse(inFile);
      var admin = new ListenAddress("127.0.0.1", listen.port() == 0 ? 0 : 4357);
      var result =
          new Server(
              listen,
              server.get("admin_listen", ListenAddress.KIND, admin),
              Tls.of(server.at("tls")),
              server.get("transport", EventLoops.Transport.AUTO),
              server.get("max_connections", MANY, 10_000),
              server.get("max_concurrency", MANY, 4_096),
              server.get(
                  "drain_secs", whole(0, 3_600, Duration::ofSeconds), Duration.ofSeconds(30)));
      result.checkReach(server.reading());
      return result;
    }

    /** Decision D9: nothing crosses a network in the clear, unless somebody says it does not. */
    private void checkReach(Reading reading) {
      String tooFar =
          "%s is %s, which others can reach, and %sserver.tls: terminated_elsewhere if a proxy in"
              + " front of the node does TLS, or listen on 127.0.0.1";
      if (tls instanceof Tls.Off && !listen.loopback()) {
        String why =
            "without TLS they could read every key and prompt: set server.tls: {cert: FILE, key:"
                + " FILE}, or ";
        reading.wrong(tooFar.formatted("server.listen", listen, why));
      }
      if (!(tls instanceof Tls.TerminatedElsewhere) && !adminListen.loopback()) {
        String why = "that listener has no TLS of its own: set ";
        reading.wrong(tooFar.formatted("server.admin_listen", adminListen, why));
      }
      if (listen.port() != 0 && listen.port() == adminListen.port()) {
        reading.wrong("server.listen and server.admin_listen need different ports");
      }
    }
  }

  /** Who encrypts what clients send. */
  public sealed interface Tls {
    /** Nobody; loopback only. */
    record Off() implements Tls {}

    /** A proxy in front of the node. */
    record TerminatedElsewhere() implements Tls {}

    /** The node, with these PEM files; both are absolute. */
    record Files(Path cert, Path key) implements Tls {}

    private static Tls of(Setting setting) {
      if (!setting.holdsKeys()) {
        return setting
            .as(Kind.oneOf(Map.<String, Tls>of("terminated_elsewhere", new TerminatedElsewhere())))
            .orElse(new Off());
      }
      return setting.bind(tls -> new Files(file(tls.at("cert")), file(tls.at("key"))));
    }

    private static Path file(Setting setting) {
      return setting
          .required(
              setting.reading().readableFile(), "server.tls needs cert and key, both PEM files")
          .orElse(Path.of(""));
    }
  }

  private static EdgeLimits limits(Setting limits, int maxConnections) {
    EdgeLimits unsaid = EdgeLimits.defaults();
    long body = limits.get("body_bytes", size("1KiB", "1GiB"), (long) unsaid.bodyBytes());
    long header = limits.get("header_bytes", size("1KiB", "1MiB"), (long) unsaid.headerBytes());
    long buffered = limits.get("buffered_bytes", size("1KiB", "1TiB"), unsaid.bufferedBytes());
    if (buffered < body) {
      limits.at("buffered_bytes").wrong("must be at least limits.body_bytes, or no body fits");
    }
    return new EdgeLimits(
        Math.toIntExact(body),
        Math.toIntExact(header),
        buffered,
        limits.get("header_timeout_ms", MILLIS, unsaid.headerTimeout()),
        limits.get("body_idle_ms", MILLIS, unsaid.bodyIdle()),
        limits.get("client_stall_ms", MILLIS, unsaid.clientStall()),
        maxConnections);
  }

  /** How long providers may take, and what becomes of a call when its client leaves. */
  public record Upstream(UpstreamTimeouts timeouts, OnDisconnect onDisconnect) {

    private static Upstream of(Setting upstream) {
      UpstreamTimeouts unsaid = UpstreamTimeouts.defaults();
      return new Upstream(
          new UpstreamTimeouts(
              upstream.get("connect_ms", MILLIS, unsaid.connect()),
              upstream.get("first_token_ms", MILLIS, unsaid.firstToken()),
              upstream.get("idle_ms", MILLIS, unsaid.idle()),
              upstream.get("total_ms", MILLIS, unsaid.total()),
              upstream.get("pool_idle_ms", MILLIS, unsaid.poolIdle()),
              unsaid.keepAlive()),
          upstream.get("on_disconnect", OnDisconnect.CANCEL));
    }
  }

  private static Admission.Bounds admission(Setting admission) {
    return new Admission.Bounds(
        admission
            .get("wait_ms", whole(0, 60_000, Duration::ofMillis), Duration.ofSeconds(2))
            .toNanos(),
        admission.get("queue_per_namespace", MANY, 128));
  }

  private static JournalSettings journal(Setting journal) {
    JournalSettings unsaid = JournalSettings.DEFAULT;
    return new JournalSettings(
        journal.get("sync", Sync.GROUP) == Sync.ALWAYS,
        journal.get("group_ms", whole(1, 1_000, Duration::ofMillis), unsaid.group()),
        journal.get("max_bytes", size("1MiB", "1TiB"), unsaid.maxBytes()));
  }

  /** When a record is on the disk: soon, or before the request goes on. */
  private enum Sync {
    GROUP,
    ALWAYS
  }

  /** Whether the built-in provider answers; {@code AUTO} is while no other is configured. */
  public enum Simulator {
    AUTO,
    TRUE,
    FALSE
  }

  /** Least severity that is logged. */
  public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }
}
