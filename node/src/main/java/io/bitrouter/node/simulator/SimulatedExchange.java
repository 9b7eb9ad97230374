package io.bitrouter.node.simulator;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.ReplyHead;
import io.bitrouter.core.gateway.ReplyStream;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.node.edge.EdgeExchange;
import io.bitrouter.wire.sim.SimulatedReply;
import io.bitrouter.wire.sim.Simulator;
import io.bitrouter.wire.sim.Step;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One call of the simulator: takes the steps of the simulated answer on the call's own thread. */
final class SimulatedExchange {

  /** Most time that all delays of one answer can take together. */
  private static final long MOST_DELAY_MILLIS = 600_000;

  /** A delay looks this often whether anybody is still waiting. */
  private static final long NAP_MILLIS = 100;

  private static final String STEERING = "x-bitrouter-sim";

  private final ClientExchange exchange;
  private final SimulatedReply reply;
  private final ReplyHead head;
  private long delayLeft = MOST_DELAY_MILLIS;
  private @Nullable ReplyStream stream;

  private SimulatedExchange(ClientExchange exchange, SimulatedReply reply) {
    this.exchange = exchange;
    this.reply = reply;
    this.head = head(reply);
  }

  /** Answers one call. */
  static void serve(ClientExchange exchange) {
    Optional<Protocol> protocol =
        switch (exchange.path()) {
          case "/v1/chat/completions" -> Optional.of(Protocol.CHAT);
          case "/v1/messages" -> Optional.of(Protocol.MESSAGES);
          default -> Optional.empty();
        };
    if (protocol.isEmpty() || !exchange.method().equals("POST")) {
      plain(exchange, 404, "the simulator serves POST /v1/chat/completions and POST /v1/messages");
      return;
    }
    switch (exchange.body()) {
      case Outcome.Refused<byte[]>(Refusal refusal) ->
          plain(exchange, refusal.status(), refusal.message());
      case Outcome.Done<byte[]>(byte[] body) ->
          new SimulatedExchange(
                  exchange,
                  Simulator.reply(protocol.get(), body, exchange.headers().first(STEERING)))
              .run();
    }
  }

  private static void plain(ClientExchange exchange, int status, String text) {
    exchange.reply(
        new ReplyHead(status, "text/plain; charset=utf-8", List.of()),
        text.getBytes(StandardCharsets.UTF_8));
  }

  private static ReplyHead head(SimulatedReply reply) {
    String type = "application/json";
    List<HeaderField> fields = new ArrayList<>();
    for (HeaderField field : reply.headers()) {
      if (field.name().equals("content-type")) {
        type = field.value();
      } else {
        fields.add(field);
      }
    }
    return new ReplyHead(reply.status(), type, List.copyOf(fields));
  }

  private void run() {
    for (Step step : reply.steps()) {
      boolean on =
          switch (step) {
            case Step.Delay(long millis) -> delay(millis);
            case Step.Chunk(byte[] bytes) -> chunk(bytes);
            case Step.Reset reset -> reset();
            case Step.Truncate truncate -> truncate();
          };
      if (!on) {
        return;
      }
    }
    if (stream != null) {
      stream.end();
    }
  }

  /** Whether anybody is still waiting after the delay, and there was time left for it. */
  private boolean delay(long millis) {
    long left = Math.min(millis, delayLeft);
    delayLeft -= left;
    while (left > 0 && !exchange.disconnected()) {
      long nap = Math.min(left, NAP_MILLIS);
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(nap));
      left -= nap;
    }
    return !exchange.disconnected();
  }

  /** A whole body is sent as one, with its length; everything else is a stream. */
  private boolean chunk(byte[] bytes) {
    if (stream == null
        && reply.contentLength().isPresent()
        && reply.contentLength().getAsLong() == bytes.length) {
      exchange.reply(head, bytes);
      return true;
    }
    return started().write(bytes);
  }

  private boolean reset() {
    if (stream != null) {
      stream.abort();
    } else if (exchange instanceof EdgeExchange edge) {
      edge.cut();
    }
    return false;
  }

  /** A stream ends without its terminal event, a whole body before its length. */
  private boolean truncate() {
    if (reply.contentLength().isPresent()) {
      started().abort();
    } else {
      started().end();
    }
    return false;
  }

  private ReplyStream started() {
    ReplyStream now = stream == null ? exchange.startStream(head) : stream;
    stream = now;
    return now;
  }
}
