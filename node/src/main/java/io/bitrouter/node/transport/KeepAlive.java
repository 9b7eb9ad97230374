package io.bitrouter.node.transport;

import io.bitrouter.core.gateway.ClientStream;
import io.bitrouter.node.edge.EdgeStream;
import io.bitrouter.node.edge.LoopWatch;
import java.util.function.Supplier;

/**
 * Tells a client that has heard nothing of its stream for a while that it is not forgotten, because
 * clients and the proxies before them give up on silence. Whole events are all that is ever sent of
 * an answer, so there is room between two. Used on the event loop of the call.
 */
final class KeepAlive {
  private final UpstreamCall call;
  private final ClientStream client;
  private final Supplier<EdgeStream> begun;
  private final LoopWatch watch;

  /**
   * One that does nothing yet.
   *
   * @param begun the client's stream, begun by now
   */
  KeepAlive(UpstreamCall call, ClientStream client, Supplier<EdgeStream> begun) {
    this.call = call;
    this.client = client;
    this.begun = begun;
    this.watch = new LoopWatch(call.exchange().eventLoop(), this::look);
  }

  /** The stream of {@code client}, begun by now. */
  static EdgeStream begin(ClientStream client) {
    if (!(client.begin() instanceof EdgeStream begun)) {
      throw new IllegalArgumentException("an answer is pumped to a stream of this node's edge");
    }
    return begun;
  }

  /** Watches over the client from now on. */
  void start() {
    watch.arm(Math.max(0, left()));
  }

  /** Leaves it alone. */
  void stop() {
    watch.close();
  }

  private long left() {
    return client.heardNanos() + call.keepAliveNanos() - call.nanos();
  }

  private void look() {
    if (call.exchange().disconnected()) {
      return;
    }
    if (left() <= 0) {
      speak();
    }
    watch.arm(left());
  }

  private void speak() {
    client.heard(call.nanos());
    EdgeStream to = begun.get();
    if (to.writable()) {
      byte[] event = client.keepAlive();
      to.send(to.newChunk(event.length).writeBytes(event));
      to.flush();
    }
  }
}
