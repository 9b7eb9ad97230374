package io.bitrouter.wire.sim;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.HeaderField;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

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
    return reply(protocol, Optional.empty(), body, steering);
  }

  /**
   * The answer to one request of Gemini.
   *
   * @param steering value of the steering header
   */
  public static SimulatedReply reply(Call call, byte[] body, Optional<String> steering) {
    return reply(Protocol.GEMINI, Optional.of(call), body, steering);
  }

  /** What the path of a request of Gemini says. */
  public record Call(String model, boolean stream) {}

  private static SimulatedReply reply(
      Protocol protocol, Optional<Call> call, byte[] body, Optional<String> steering) {
    SimVoice voice =
        switch (protocol) {
          case CHAT -> new ChatVoice();
          case MESSAGES -> new MessagesVoice();
          case RESPONSES -> new ResponsesVoice();
          case GEMINI -> new GeminiVoice();
        };
    try {
      return reply(voice, SimRequest.of(protocol, call, body, steering));
    } catch (Steering.Fault fault) {
      byte[] error = bytes(voice.error(fault.status, fault.text));
      return buffered(fault.status, error.length, List.of(new Step.Chunk(error)), List.of());
    }
  }

  private static SimulatedReply reply(SimVoice voice, SimRequest request) {
    Steering steering = request.steering();
    int status = steering.integer("status", 200);
    if (status == 200 && request.stream()) {
      HeaderField type = new HeaderField("content-type", "text/event-stream; charset=utf-8");
      return new SimulatedReply(
          200, List.of(type), OptionalLong.empty(), () -> streamed(voice, request).iterator());
    }
    Optional<Failure> failure = Failure.of(steering);
    if (status == 200 && failure.filter(planned -> planned.kind().equals("error")).isPresent()) {
      status = 500;
      failure = Optional.empty();
    }
    byte[] body =
        bytes(
            status == 200
                ? voice.whole(request)
                : voice.error(status, "simulated status " + status));
    List<Step> steps = new ArrayList<>(delay(steering.integer("first_ms", 0)));
    if (failure.isEmpty()) {
      steps.add(new Step.Chunk(body));
    } else {
      if (failure.get().at() > 0) {
        steps.add(new Step.Chunk(Arrays.copyOf(body, body.length / 2)));
      }
      steps.add(failure.get().step(voice));
    }
    int retryAfter = steering.integer("retry_after", -1);
    List<HeaderField> extra =
        retryAfter < 0
            ? List.of()
            : List.of(new HeaderField("retry-after", Integer.toString(retryAfter)));
    return buffered(status, body.length, steps, extra);
  }

  private static SimulatedReply buffered(
      int status, int length, List<Step> steps, List<HeaderField> extra) {
    List<HeaderField> headers = new ArrayList<>(extra);
    headers.add(new HeaderField("content-type", "application/json"));
    return new SimulatedReply(status, headers, OptionalLong.of(length), steps);
  }

  /** A failure in the place of the chunk of content {@code at}, from 0; of several the first. */
  private record Failure(String kind, int at) {

    static Optional<Failure> of(Steering steering) {
      return Stream.of("error", "reset", "truncate")
          .map(kind -> new Failure(kind, steering.integer(kind + "_at_chunk", -1)))
          .filter(failure -> failure.at() >= 0)
          .findFirst();
    }

    Step step(SimVoice voice) {
      return switch (kind) {
        case "error" -> new Step.Chunk(voice.errorEvent("simulated error"));
        case "reset" -> new Step.Reset();
        default -> new Step.Truncate();
      };
    }
  }

  /** The steps of a stream, made one chunk of content at a time. */
  private static Stream<Step> streamed(SimVoice voice, SimRequest request) {
    Steering steering = request.steering();
    Optional<Failure> failure = Failure.of(steering);
    // A failure that is planned for later than the last chunk happens after it.
    int chunks = Math.min(failure.map(Failure::at).orElse(request.chunks()), request.chunks());
    Stream<Step> start = delay(steering.integer("first_ms", 0)).stream();
    if (failure.isEmpty() || chunks > 0) {
      start = Stream.concat(start, sent(voice.opening(request)));
    }
    List<Step> pause = delay(steering.integer("chunk_ms", 0));
    Stream<Step> content =
        IntStream.range(0, chunks)
            .boxed()
            .flatMap(i ->
                Stream.concat(
                    i == 0 ? Stream.empty() : pause.stream(), sent(voice.chunk(request, i))));
    Stream<Step> end =
        failure
            .map(planned -> Stream.of(planned.step(voice)))
            .orElseGet(() -> sent(voice.closing(request)));
    return Stream.concat(start, Stream.concat(content, end));
  }

  private static List<Step> delay(int millis) {
    return millis > 0 ? List.of(new Step.Delay(millis)) : List.of();
  }

  private static Stream<Step> sent(List<byte[]> events) {
    return events.stream().map(Step.Chunk::new);
  }

  private static byte[] bytes(ObjectNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
