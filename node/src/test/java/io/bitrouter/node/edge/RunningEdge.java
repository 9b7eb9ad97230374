package io.bitrouter.node.edge;

import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.ReplyHead;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A server on a free port, with event loops of its own, that remembers the requests it served. */
public final class RunningEdge implements AutoCloseable {
  private final EventLoops loops;
  private final EdgeServer server;
  private final InetSocketAddress address;
  private final Queue<String> served = new ConcurrentLinkedQueue<>();

  public RunningEdge(EdgeHandler handler) throws IOException {
    this(EventLoops.open(EventLoops.Transport.AUTO, 2), EdgeLimits.defaults(), handler);
  }

  public RunningEdge(EdgeLimits limits, EdgeHandler handler) throws IOException {
    this(EventLoops.open(EventLoops.Transport.AUTO, 2), limits, handler);
  }

  public RunningEdge(EventLoops loops, EdgeLimits limits, EdgeHandler handler) throws IOException {
    this.loops = loops;
    this.server =
        new EdgeServer(
            loops,
            limits,
            Ticker.system(),
            new SecureRandom(),
            exchange -> {
              served.add(exchange.method() + " " + exchange.path());
              handler.handle(exchange);
            });
    this.address =
        server.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty());
  }

  /** Answers with the body, or with the refusal of it. */
  public static void echo(ClientExchange exchange) {
    switch (exchange.body()) {
      case Outcome.Done<byte[]>(byte[] body) -> text(exchange, 200, body);
      case Outcome.Refused<byte[]>(Refusal refusal) ->
          text(exchange, refusal.status(), bytes(refusal.code().text()));
    }
  }

  public static void text(ClientExchange exchange, int status, byte[] body) {
    exchange.reply(new ReplyHead(status, "text/plain", List.of()), body);
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Small limits, for tests that run into them. */
  public static EdgeLimits shortLimits() {
    return new EdgeLimits(
        64 << 10,
        8 << 10,
        256 << 10,
        Duration.ofMillis(200),
        Duration.ofMillis(200),
        Duration.ofMillis(300),
        8);
  }

  public EventLoops loops() {
    return loops;
  }

  public EdgeServer server() {
    return server;
  }

  public InetSocketAddress address() {
    return address;
  }

  public Queue<String> served() {
    return served;
  }

  public RawClient client() throws IOException {
    return RawClient.to(address);
  }

  @Override
  public void close() {
    server.close(Duration.ofSeconds(5));
    loops.close();
  }
}
