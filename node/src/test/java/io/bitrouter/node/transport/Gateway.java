package io.bitrouter.node.transport;

import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.ClientStream;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.ReplyHead;
import io.bitrouter.core.gateway.ReplyStream;
import io.bitrouter.core.gateway.StreamMeter;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.gateway.Upstream.Collected;
import io.bitrouter.core.gateway.Upstream.Pumped;
import io.bitrouter.core.gateway.Upstream.Sent;
import io.bitrouter.core.gateway.Upstream.UpstreamReply;
import io.bitrouter.core.gateway.UpstreamRequest;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.node.edge.EdgeLimits;
import io.bitrouter.node.edge.EventLoops;
import io.bitrouter.node.edge.RawClient;
import io.bitrouter.node.edge.RunningEdge;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * A server whose handler passes each request to an upstream: {@code /collect} as a whole, anything
 * else as a stream. It remembers how each call went.
 */
final class Gateway implements AutoCloseable {
  static final int COLLECT_LIMIT = 256 << 10;

  private final URI upstream;
  private final EventLoops loops;
  private final UpstreamClient client;
  private final RunningEdge edge;
  private final Supplier<StreamTap> taps;
  private volatile StreamMeter meter = StreamMeter.NONE;
  private final BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();

  static UpstreamTimeouts shortTimeouts() {
    return new UpstreamTimeouts(
        Duration.ofMillis(500),
        Duration.ofMillis(300),
        Duration.ofMillis(300),
        Duration.ofMillis(900),
        Duration.ofMillis(200),
        UpstreamTimeouts.KEEP_ALIVE);
  }

  Gateway(URI upstream, UpstreamTimeouts timeouts, OnDisconnect onDisconnect) throws Exception {
    this(upstream, timeouts, onDisconnect, PassingTap::new, EdgeLimits.defaults());
  }

  Gateway(
      URI upstream,
      UpstreamTimeouts timeouts,
      OnDisconnect onDisconnect,
      Supplier<StreamTap> taps,
      EdgeLimits limits)
      throws Exception {
    this(upstream, timeouts, onDisconnect, taps, limits, SSLContext.getDefault());
  }

  Gateway(URI upstream, SSLContext tls) throws Exception {
    this(
        upstream,
        UpstreamTimeouts.defaults(),
        OnDisconnect.CANCEL,
        PassingTap::new,
        EdgeLimits.defaults(),
        tls);
  }

  private Gateway(
      URI upstream,
      UpstreamTimeouts timeouts,
      OnDisconnect onDisconnect,
      Supplier<StreamTap> taps,
      EdgeLimits limits,
      SSLContext tls)
      throws IOException, NoSuchAlgorithmException {
    this.upstream = upstream;
    this.taps = taps;
    // One loop, so that a connection that was given back is found by the next call.
    this.loops = EventLoops.open(EventLoops.Transport.AUTO, 1);
    AddressBook names =
        new AddressBook(
            host ->
                host.equals("several.test")
                    ? new InetAddress[] {
                      InetAddress.getByName("127.0.0.77"), InetAddress.getByName("127.0.0.1")
                    }
                    : InetAddress.getAllByName(host),
            Ticker.system());
    this.client = new UpstreamClient(loops, timeouts, onDisconnect, Ticker.system(), tls, names);
    this.edge = new RunningEdge(loops, limits, this::handle);
  }

  /** Has answers from now on metered. */
  void metered(StreamMeter by) {
    meter = by;
  }

  RawClient client() throws IOException {
    return edge.client();
  }

  RunningEdge edge() {
    return edge;
  }

  /** How the next call went: the end or failure, the calls made, the bytes received. */
  String outcome() throws InterruptedException {
    String outcome = outcomes.poll(20, TimeUnit.SECONDS);
    return outcome == null ? "none" : outcome;
  }

  @Override
  public void close() {
    client.close();
    edge.close();
  }

  private void handle(ClientExchange exchange) {
    if (!(exchange.body() instanceof Outcome.Done<byte[]>(byte[] body))) {
      return;
    }
    UpstreamRequest request =
        new UpstreamRequest(
            upstream,
            List.of(
                new HeaderField("authorization", "Bearer test"),
                new HeaderField("Host", "elsewhere"),
                new HeaderField("Accept-Encoding", "gzip")),
            body);
    switch (client.send(request, exchange, Optional.empty())) {
      case Sent.Failed(var failure) -> {
        outcomes.add(failure.name());
        RunningEdge.text(exchange, 502, RunningEdge.bytes(failure.name()));
      }
      case Sent.Answered(UpstreamReply reply) -> {
        try (reply) {
          pass(exchange, reply);
        }
      }
    }
  }

  private void pass(ClientExchange exchange, UpstreamReply reply) {
    switch (exchange.path()) {
      case "/ignore" -> {
        outcomes.add("ignored");
        RunningEdge.text(exchange, reply.status(), new byte[0]);
      }
      case "/collect" -> {
        String name =
            switch (reply.collect(COLLECT_LIMIT)) {
              case Collected.Whole(byte[] body) -> {
                RunningEdge.text(exchange, reply.status(), body);
                yield "WHOLE " + reply.attempts() + " " + body.length;
              }
              case Collected.Failed(var failure, long received) -> {
                RunningEdge.text(exchange, 502, RunningEdge.bytes(failure.name()));
                yield failure.name() + " " + reply.attempts() + " " + received;
              }
            };
        outcomes.add(name);
      }
      default -> {
        StreamTap tap = taps.get();
        ClientStream client =
            new ClientStream(
                exchange,
                RunningEdge.bytes(":\n\n"),
                () -> new ReplyHead(reply.status(), "text/event-stream", List.of()));
        Pumped pumped = reply.pump(tap, client, meter);
        outcomes.add(pumped.end() + " " + reply.attempts() + " " + tap.report().outputBytes());
        ReplyStream stream = client.begin();
        if (pumped.end() == Pumped.End.UPSTREAM_ENDED) {
          stream.write(tap.report().held());
          stream.end();
        } else {
          stream.abort();
        }
      }
    }
  }
}
