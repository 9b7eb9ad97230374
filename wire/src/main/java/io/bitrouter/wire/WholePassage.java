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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A request whose answer is one JSON object that passes as it is: a count of tokens, embeddings.
 *
 * @param fields the protocol's headers, of what the client sent
 * @param usage what an answer says was used
 * @param known the answer, when the gateway gives it itself
 */
public record WholePassage(
    String path,
    Function<HeaderFields, List<HeaderField>> fields,
    byte[] body,
    Function<JsonNode, Optional<MeasuredUsage>> usage,
    Optional<byte[]> known)
    implements Passage {

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
    Optional<JsonNode> answer = object(upstreamBody).filter(json -> !json.hasNonNull("error"));
    return new WholeAnswer(
        answer.isPresent(),
        answer.flatMap(usage),
        Optional.empty(),
        answer.isPresent() ? 0 : upstreamBody.length,
        unused -> upstreamBody);
  }

  private static Optional<JsonNode> object(byte[] body) {
    try {
      return Optional.of(Json.tree(body, 0, body.length)).filter(JsonNode::isObject);
    } catch (JacksonException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  @Override
  public Refusal upstreamRefusal(int status, byte[] refused, OptionalInt retryAfterSeconds) {
    return UpstreamRefusals.of(status, refused, retryAfterSeconds);
  }

  /** A count that the gateway makes by itself is an estimate, and says so. */
  @Override
  public List<String> warnings() {
    return known.isPresent() ? List.of("estimated:tokens") : List.of();
  }
}
