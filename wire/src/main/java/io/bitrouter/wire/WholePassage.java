package io.bitrouter.wire;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.HeaderFields;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.wire.error.UpstreamRefusals;
import io.bitrouter.wire.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import tools.jackson.core.JsonToken;

/**
 * A request whose answer is one JSON object and never a stream: a count of tokens, embeddings.
 *
 * @param fields the protocol's headers, of what the client sent
 * @param reading what an upstream's body says; empty when it is no answer
 * @param known the answer, when the gateway gives it itself
 */
public record WholePassage(
    String path,
    Function<HeaderFields, List<HeaderField>> fields,
    byte[] body,
    Function<byte[], Optional<Said>> reading,
    Optional<byte[]> known,
    List<String> warnings)
    implements Passage {

  private static final int BYTES_PER_TOKEN = 4;

  /**
   * What an answer says.
   *
   * @param usage what was used, as reported
   * @param body writes the client's answer, with the usage that it is charged for
   */
  public record Said(Optional<MeasuredUsage> usage, Function<MeasuredUsage, byte[]> body) {}

  /**
   * A count of tokens, which costs nothing whoever counts.
   *
   * @param member the answer's member that is the count
   * @param asked length of the client's body, of which the gateway takes a quarter for the count
   *     where the upstream cannot count
   */
  public static WholePassage count(
      String path,
      Function<HeaderFields, List<HeaderField>> fields,
      byte[] body,
      boolean upstreamCounts,
      String member,
      int asked) {
    byte[] estimate =
        Json.bytes(json -> {
          json.writeStartObject();
          json.writeNumberProperty(member, Math.ceilDiv(asked, BYTES_PER_TOKEN));
          json.writeEndObject();
        });
    return new WholePassage(
        path,
        fields,
        body,
        answer ->
            sound(answer, (name, json) -> {})
                ? Optional.of(new Said(Optional.of(MeasuredUsage.NONE), usage -> answer))
                : Optional.empty(),
        upstreamCounts ? Optional.empty() : Optional.of(estimate),
        upstreamCounts ? List.of() : List.of("estimated:tokens"));
  }

  /**
   * Reads the members of an answer; false when it is not one JSON object, or reports an error,
   * although members before that have been read.
   */
  public static boolean sound(byte[] answer, Json.MemberReader reader) {
    boolean[] error = new boolean[1];
    return Json.object(
            answer,
            0,
            answer.length,
            (name, json) -> {
              error[0] |= name.equals("error") && json.currentToken() != JsonToken.VALUE_NULL;
              reader.read(name, json);
            })
        && !error[0];
  }

  @Override
  public List<HeaderField> headers(HeaderFields client) {
    return fields.apply(client);
  }

  @Override
  public boolean streamed() {
    return false;
  }

  @Override
  public String streamType() {
    return "application/json";
  }

  @Override
  public StreamTap tap(ToLongFunction<MeasuredUsage> costNanos) {
    throw new IllegalStateException("this answer is not a stream");
  }

  @Override
  public WholeAnswer whole(byte[] upstreamBody) {
    Optional<Said> said = reading.apply(upstreamBody);
    return new WholeAnswer(
        said.isPresent(),
        said.flatMap(Said::usage),
        Optional.empty(),
        said.isPresent() ? 0 : upstreamBody.length,
        said.map(Said::body).orElse(usage -> upstreamBody));
  }

  @Override
  public Refusal upstreamRefusal(int status, byte[] refused, OptionalInt retryAfterSeconds) {
    return UpstreamRefusals.of(status, refused, retryAfterSeconds);
  }
}
