package io.bitrouter.wire.sim;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.HeaderField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an upstream would answer, decided by the request alone: equal requests get equal bytes.
 *
 * <p>The model {@code echo} repeats the last text of the user, {@code lorem} says a fixed text of
 * 64 words; each word is one token of output, four bytes of the prompt's texts are one of input, in
 * streams as in buffered answers. The member {@code x_sim}, or the header {@code x-bitrouter-sim}
 * with the same JSON, changes that; unknown members of it are refused. Stateless and thread-safe.
 */
public final class Simulator {

  private Simulator() {}

  /**
   * The answer to one request; a wrong request is an answer with an error status.
   *
   * @param steering value of the steering header
   */
  public static SimulatedReply reply(Protocol protocol, byte[] body, Optional<String> steering) {
    SimVoice voice =
        switch (protocol) {
          case CHAT -> new ChatVoice();
          case MESSAGES -> new MessagesVoice();
        };
    try {
      return reply(voice, SimRequest.of(protocol, body, steering));
    } catch (SimFault fault) {
      return buffered(fault.status(), List.of(), voice.error(fault.status(), fault.text()));
    }
  }

  private static SimulatedReply reply(SimVoice voice, SimRequest request) {
    Steering steering = request.steering();
    int status = steering.status().orElse(200);
    if (status == 200 && request.stream()) {
      HeaderField type = new HeaderField("content-type", "text/event-stream; charset=utf-8");
      return new SimulatedReply(
          200, List.of(type), OptionalLong.empty(), new StreamSteps(voice, request));
    }
    if (status == 200 && steering.errorAtChunk().isPresent()) {
      status = 500;
    }
    byte[] body =
        status == 200 ? voice.whole(request) : voice.error(status, "simulated status " + status);
    return buffered(status, steps(steering, body), extra(steering), body.length);
  }

  private static List<Step> steps(Steering steering, byte[] body) {
    List<Step> steps = new ArrayList<>(3);
    if (steering.firstMillis() > 0) {
      steps.add(new Step.Delay(steering.firstMillis()));
    }
    boolean reset = steering.resetAtChunk().isPresent();
    if (!reset && steering.truncateAtChunk().isEmpty()) {
      steps.add(new Step.Chunk(body));
      return steps;
    }
    int at = reset ? steering.resetAtChunk().getAsInt() : steering.truncateAtChunk().orElse(0);
    if (at > 0) {
      steps.add(new Step.Chunk(Arrays.copyOf(body, body.length / 2)));
    }
    steps.add(reset ? new Step.Reset() : new Step.Truncate());
    return steps;
  }

  private static List<HeaderField> extra(Steering steering) {
    return steering.retryAfter().isPresent()
        ? List.of(
            new HeaderField("retry-after", Integer.toString(steering.retryAfter().getAsInt())))
        : List.of();
  }

  private static SimulatedReply buffered(int status, List<HeaderField> extra, byte[] body) {
    return buffered(status, List.of(new Step.Chunk(body)), extra, body.length);
  }

  private static SimulatedReply buffered(
      int status, List<Step> steps, List<HeaderField> extra, int length) {
    List<HeaderField> headers = new ArrayList<>(extra);
    headers.add(new HeaderField("content-type", "application/json"));
    return new SimulatedReply(
        status, List.copyOf(headers), OptionalLong.of(length), List.copyOf(steps));
  }
}
