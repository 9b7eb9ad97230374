package io.bitrouter.node.config;

import static io.bitrouter.node.config.Kind.bytes;
import static io.bitrouter.node.config.Kind.size;
import static io.bitrouter.node.config.Kind.whole;

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
    Limits limits,
    Upstream upstream,
    Journal journal,
    List<ProviderSettings> providers,
    Simulator simulator,
    LogLevel logLevel) {

  private static final Kind<Duration> MILLIS = whole(1, 3_600_000, Duration::ofMillis);
  private static final Kind<Integer> MANY = whole(1, 1_000_000, Math::toIntExact);

  /** Reads the root of a file; {@code listen} is the command line's, and wins. */
  static NodeConfig of(Setting root, Optional<ListenAddress> listen) {
    return new NodeConfig(
        root.at("server").bind(server -> Server.of(server, listen)),
        root.at("limits").bind(Limits::of),
        root.at("upstream").bind(Upstream::of),
        root.at("journal").bind(Journal::of),
        root.at("providers").bind(ProviderSettings::of),
        root.at("simulator").bind(simulator -> simulator.get("enabled", Simulator.AUTO)),
        root.at("log").bind(log -> log.get("level", LogLevel.INFO)));
  }

  /** Listeners, what the node takes on at one time, and how long a stop waits for it. */
  public record Server(
      ListenAddress listen,
      ListenAddress adminListen,
      Tls tls,
      Transport transport,
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
              server.get("transport", Transport.AUTO),
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

  /** How sockets are driven; {@code AUTO} is epoll where it can be loaded, else the JDK's NIO. */
  public enum Transport {
    AUTO,
    EPOLL,
    NIO
  }

  /** What clients may send, hold and delay. */
  public record Limits(
      int bodyBytes,
      int headerBytes,
      long bufferedBytes,
      Duration headerTimeout,
      Duration bodyIdle,
      Duration clientStall) {

    private static Limits of(Setting limits) {
      long body = limits.get("body_bytes", size("1KiB", "1GiB"), bytes("16MiB"));
      long header = limits.get("header_bytes", size("1KiB", "1MiB"), bytes("64KiB"));
      long buffered = limits.get("buffered_bytes", size("1KiB", "1TiB"), bytes("256MiB"));
      if (buffered < body) {
        limits.at("buffered_bytes").wrong("must be at least limits.body_bytes, or no body fits");
      }
      return new Limits(
          Math.toIntExact(body),
          Math.toIntExact(header),
          buffered,
          limits.get("header_timeout_ms", MILLIS, Duration.ofSeconds(10)),
          limits.get("body_idle_ms", MILLIS, Duration.ofSeconds(30)),
          limits.get("client_stall_ms", MILLIS, Duration.ofSeconds(60)));
    }
  }

  /** How long providers may take, and what becomes of a call when its client leaves. */
  public record Upstream(
      Duration connect,
      Duration firstToken,
      Duration idle,
      Duration total,
      Duration poolIdle,
      OnDisconnect onDisconnect) {

    private static Upstream of(Setting upstream) {
      return new Upstream(
          upstream.get("connect_ms", MILLIS, Duration.ofSeconds(5)),
          upstream.get("first_token_ms", MILLIS, Duration.ofSeconds(120)),
          upstream.get("idle_ms", MILLIS, Duration.ofSeconds(120)),
          upstream.get("total_ms", MILLIS, Duration.ofSeconds(600)),
          upstream.get("pool_idle_ms", MILLIS, Duration.ofSeconds(60)),
          upstream.get("on_disconnect", OnDisconnect.CANCEL));
    }
  }

  /** A call whose client left is stopped at once, or read on so that its usage is known. */
  public enum OnDisconnect {
    CANCEL,
    DRAIN
  }

  /** The usage journal: {@code group} is how often {@link Sync#GROUP} makes the disk write. */
  public record Journal(Sync sync, Duration group, long maxBytes) {

    private static Journal of(Setting journal) {
      return new Journal(
          journal.get("sync", Sync.GROUP),
          journal.get("group_ms", whole(1, 1_000, Duration::ofMillis), Duration.ofMillis(5)),
          journal.get("max_bytes", size("1MiB", "1TiB"), bytes("1GiB")));
    }
  }

  /** When a record is on the disk: soon, or before the request goes on. */
  public enum Sync {
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
