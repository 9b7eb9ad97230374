package io.bitrouter.node.simulator;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.ReplyHead;
import io.bitrouter.core.gateway.ReplyStream;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.node.edge.EdgeExchange;
import io.bitrouter.wire.sim.SimulatedExtras;
import io.bitrouter.wire.sim.SimulatedReply;
import io.bitrouter.wire.sim.Simulator;
import io.bitrouter.wire.sim.Step;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One call of the simulator: takes the steps of the simulated answer on the call's own thread. */
final class SimulatedExchange {

  /** A delay looks this often whether anybody is still waiting. */
  private static final long NAP_MILLIS = 100;

  private static final Pattern GEMINI = Pattern.compile("/v1(?:beta)?/models/([^:]+):(\\w+)");

  private final ClientExchange exchange;
  private final SimulatedReply reply;
  private @Nullable ReplyStream stream;

  private SimulatedExchange(ClientExchange exchange, SimulatedReply reply) {
    this.exchange = exchange;
    this.reply = reply;
  }

  /** Answers one call. */
  static void serve(ClientExchange exchange) {
    switch (exchange.method() + " " + exchange.path()) {
      case "POST /v1/chat/completions" -> serve(exchange, Protocol.CHAT);
      case "POST /v1/messages" -> serve(exchange, Protocol.MESSAGES);
      case "POST /v1/responses" -> serve(exchange, Protocol.RESPONSES);
      case "POST /v1/messages/count_tokens" ->
          serve(exchange, (body, steering) -> SimulatedExtras.countTokens(body));
      case "POST /v1/embeddings" ->
          serve(exchange, (body, steering) -> SimulatedExtras.embeddings(body));
      default -> {
        Matcher gemini = GEMINI.matcher(exchange.path());
        if (gemini.matches() && exchange.method().equals("POST")) {
          String model = URLDecoder.decode(gemini.group(1), StandardCharsets.UTF_8);
          gemini(exchange, model, gemini.group(2));
        } else {
          unknown(exchange);
        }
      }
    }
  }

  private static void gemini(ClientExchange exchange, String model, String verb) {
    switch (verb) {
      case "generateContent", "streamGenerateContent" -> {
        Simulator.Call call = new Simulator.Call(model, verb.startsWith("stream"));
        serve(exchange, (body, steering) -> Simulator.reply(call, body, steering));
      }
      case "countTokens" -> serve(exchange, (body, steering) -> SimulatedExtras.geminiCount(body));
      case "embedContent" ->
          serve(exchange, (body, steering) -> SimulatedExtras.geminiEmbedding(body));
      case "batchEmbedContents" ->
          serve(exchange, (body, steering) -> SimulatedExtras.geminiEmbeddings(body));
      default -> unknown(exchange);
    }
  }

  private static void unknown(ClientExchange exchange) {
    plain(
        exchange,
        404,
        "the simulator serves POST /v1/chat/completions, /v1/messages, /v1/responses,"
            + " /v1/messages/count_tokens, /v1/embeddings and /v1/models/{model}:generateContent,"
            + " :streamGenerateContent, :countTokens, :embedContent and :batchEmbedContents");
  }

  private static void serve(ClientExchange exchange, Protocol protocol) {
    serve(exchange, (body, steering) -> Simulator.reply(protocol, body, steering));
  }

  private static void serve(
      ClientExchange exchange, BiFunction<byte[], Optional<String>, SimulatedReply> answer) {
    switch (exchange.body()) {
      case Outcome.Refused<byte[]>(Refusal refusal) ->
          plain(exchange, refusal.status(), refusal.message());
      case Outcome.Done<byte[]>(byte[] body) -> {
        var steering = exchange.headers().first("x-bitrouter-sim");
        new SimulatedExchange(exchange, answer.apply(body, steering)).run();
      }
    }
  }

  private static void plain(ClientExchange exchange, int status, String text) {
    exchange.reply(
        new ReplyHead(status, "text/plain; charset=utf-8", List.of()),
        text.getBytes(StandardCharsets.UTF_8));
  }

  private static ReplyHead head(SimulatedReply reply) {
    String type = "application/json";
    List<HeaderField> fields = new ArrayList<>(reply.headers());
    for (HeaderField field : reply.headers()) {
      if (field.name().equals("content-type")) {
        type = field.value();
        fields.remove(field);
      }
    }
    return new ReplyHead(reply.status(), type, fields);
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

  /** Whether anybody is still waiting after the delay. */
  private boolean delay(long millis) {
    for (long left = millis; left > 0 && !exchange.disconnected(); left -= NAP_MILLIS) {
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(Math.min(left, NAP_MILLIS)));
    }
    return !exchange.disconnected();
  }

  /** A whole body is sent as one, with its length; everything else is a stream. */
  private boolean chunk(byte[] bytes) {
    if (stream == null && reply.contentLength().equals(OptionalLong.of(bytes.length))) {
      exchange.reply(head(reply), bytes);
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
    if (stream == null) {
      stream = exchange.startStream(head(reply));
    }
    return stream;
  }
}
