package io.bitrouter.node.config;

import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.kernel.Secret;
import io.bitrouter.core.namespace.NamespaceId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Everything an operator can set, checked and with defaults filled in. Immutable.
 *
 * @param server listeners and what the node takes on at one time
 * @param limits what clients may send, hold and delay
 * @param upstream how long providers may take
 * @param journal the usage journal
 * @param providers what the file says of providers, in its order
 * @param simulator whether the built-in provider answers
 * @param logLevel least severity that is logged
 */
public record NodeConfig(
    Server server,
    Limits limits,
    Upstream upstream,
    Journal journal,
    List<ProviderSettings> providers,
    Simulator simulator,
    LogLevel logLevel) {

  /**
   * Listeners and what the node takes on at one time.
   *
   * @param listen where clients connect
   * @param adminListen where health and metrics are, always without TLS
   * @param tls who encrypts what clients send
   * @param transport kernel interface for sockets
   * @param maxConnections most client connections at one time
   * @param maxConcurrency most requests being served at one time
   * @param drain how long a stop waits for requests in flight
   */
  public record Server(
      ListenAddress listen,
      ListenAddress adminListen,
      Tls tls,
      Transport transport,
      int maxConnections,
      int maxConcurrency,
      Duration drain) {}

  /** Who encrypts what clients send. */
  public sealed interface Tls {
    /** Nobody; loopback only. */
    record Off() implements Tls {}

    /** A proxy in front of the node. */
    record TerminatedElsewhere() implements Tls {}

    /** The node, with these PEM files; both are absolute. */
    record Files(Path cert, Path key) implements Tls {}
  }

  /** Kernel interface for sockets. */
  public enum Transport {
    /** epoll where it can be loaded, else the JDK's selector. */
    AUTO,
    /** Linux epoll. */
    EPOLL,
    /** The JDK's selector. */
    NIO
  }

  /**
   * What clients may send, hold and delay.
   *
   * @param bodyBytes largest request body
   * @param headerBytes largest header block
   * @param bufferedBytes most bytes of request bodies held at one time
   * @param headerTimeout longest time to the end of a request's header block
   * @param bodyIdle longest silence while a body is read
   * @param clientStall longest time in which a client reads nothing of its answer
   */
  public record Limits(
      int bodyBytes,
      int headerBytes,
      long bufferedBytes,
      Duration headerTimeout,
      Duration bodyIdle,
      Duration clientStall) {}

  /**
   * How long providers may take.
   *
   * @param connect name look-up, connection and TLS
   * @param firstToken from the request to the first byte of content, or of a whole answer
   * @param idle longest silence in an answer that has begun
   * @param total the whole call
   * @param poolIdle how long an unused connection is kept
   * @param onDisconnect what becomes of the call when its client leaves
   */
  public record Upstream(
      Duration connect,
      Duration firstToken,
      Duration idle,
      Duration total,
      Duration poolIdle,
      OnDisconnect onDisconnect) {}

  /** What becomes of a call when its client leaves. */
  public enum OnDisconnect {
    /** It is stopped at once; what it used is bounded from what was received. */
    CANCEL,
    /** It is read on for at most 30 s, so that its usage is known. */
    DRAIN
  }

  /**
   * The usage journal.
   *
   * @param sync when a record is on the disk
   * @param group how often the disk is made to write with {@link Sync#GROUP}
   * @param maxBytes size at which the journal takes no more and inference stops
   */
  public record Journal(Sync sync, Duration group, long maxBytes) {}

  /** When a record is on the disk. */
  public enum Sync {
    /** Soon: the disk is made to write in the background. */
    GROUP,
    /** Before the request goes on. */
    ALWAYS
  }

  /** Whether the built-in provider answers. */
  public enum Simulator {
    /** Only while no other provider is configured. */
    AUTO,
    /** Always. */
    ON,
    /** Never. */
    OFF
  }

  /** Least severity that is logged. */
  public enum LogLevel {
    /** Failures of the node. */
    ERROR,
    /** And what an operator should look at. */
    WARN,
    /** And what the node does, a few lines a start. */
    INFO,
    /** And how it does it. */
    DEBUG
  }

  /**
   * What the file says of one provider; what it leaves out comes from the bundled catalogue or the
   * environment, if the id is known there.
   *
   * @param id its name
   * @param origin file and line, for messages
   * @param apiBase where its API starts
   * @param apiKey the account's key
   * @param protocol what it speaks
   * @param auth how the key is sent
   * @param models what it serves; empty when the file does not say
   * @param namespaces who may use it; empty means every namespace
   */
  public record ProviderSettings(
      String id,
      String origin,
      Optional<URI> apiBase,
      Optional<Secret> apiKey,
      Optional<Protocol> protocol,
      Optional<Provider.Auth> auth,
      List<ModelSettings> models,
      Set<NamespaceId> namespaces) {}

  /**
   * What the file says of one model.
   *
   * @param id the name clients use, without the provider's
   * @param upstreamModel the name the provider knows it by
   * @param contextTokens most prompt tokens
   * @param maxOutputTokens most generated tokens
   * @param price its price
   */
  public record ModelSettings(
      String id,
      Optional<String> upstreamModel,
      OptionalLong contextTokens,
      OptionalLong maxOutputTokens,
      Optional<Price> price) {}
}
