package io.bitrouter.node.http;

import io.bitrouter.core.control.Asked;
import io.bitrouter.core.control.Origin;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.control.ControlFormatException;
import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.Rfc3339;
import io.bitrouter.wire.policy.SpecException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongPredicate;

/**
 * A control-plane request of a caller who may make it. Belongs to the request's own thread.
 *
 * @param exchange the client
 * @param caller who asks
 * @param params path parameters, decoded
 * @param warnings takes what the request says and nothing reads
 * @param sent body and manner of the change
 */
record ControlRequest(
    ClientExchange exchange,
    Caller caller,
    Map<String, String> params,
    Warnings warnings,
    Sent sent) {

  private static final long DEFAULT_LIMIT = 25;
  private static final long LARGEST_LIMIT = 100;

  /** The caller as a key; routes for keys are reached by keys alone. */
  public Caller.Key key() {
    return switch (caller) {
      case Caller.Key key -> key;
      case Caller.Operator unused -> throw new IllegalStateException("route for keys");
    };
  }

  /** The caller as an operator; routes for operators are reached by operators alone. */
  public Caller.Operator operator() {
    return switch (caller) {
      case Caller.Operator operator -> operator;
      case Caller.Key unused -> throw new IllegalStateException("route for operators");
    };
  }

  /** A path parameter of the route's template. */
  public String param(String name) {
    return params.getOrDefault(name, "");
  }

  /** Where the request comes from, for the audit log. */
  public Origin origin() {
    return new Origin(exchange.requestId(), exchange.remoteAddress());
  }

  /** Reads and decodes the body. */
  public <T> Outcome<T> body(Class<T> type) {
    return sent.body().then(bytes -> decode(bytes, type));
  }

  /** As {@link #body}, of a request that may come without one; then {@code otherwise}. */
  public <T> Outcome<T> bodyOr(T otherwise, Class<T> type) {
    return sent.body()
        .then(bytes -> bytes.length == 0 ? Outcome.done(otherwise) : decode(bytes, type));
  }

  /**
   * How a change is asked for.
   *
   * @param body the answer's body for its result
   */
  public <T> Asked<T> asked(Function<? super T, ?> body) {
    return new Asked<>(origin(), sent.dryRun(), result -> sent.kept(body.apply(result)));
  }

  /** As {@link #asked}, of a change whose answer is never kept. */
  public <T> Asked<T> asked() {
    return new Asked<>(origin(), sent.dryRun(), unused -> Optional.empty());
  }

  /** Whether {@code If-Match} lets a change of this revision happen; any when it is absent. */
  public LongPredicate revision() {
    List<String> tags =
        exchange.headers().all("if-match").stream()
            .flatMap(value -> Arrays.stream(value.split(",")))
            .map(String::strip)
            .toList();
    return revision ->
        tags.isEmpty() || tags.contains("*") || tags.contains("\"" + revision + "\"");
  }

  /** A query parameter that is a time; {@code otherwise} when it is absent. */
  public Outcome<Instant> time(String name, Instant otherwise) {
    Optional<String> text = exchange.query(name);
    if (text.isEmpty()) {
      return Outcome.done(otherwise);
    }
    try {
      return Outcome.done(Rfc3339.parse(text.get()));
    } catch (IllegalArgumentException malformed) {
      return invalid(name, name + " is " + malformed.getMessage());
    }
  }

  /**
   * A query parameter that is a whole number of at least 0; {@code otherwise} when absent. Numbers
   * of more than 18 digits are {@link Long#MAX_VALUE}: callers bound what they use.
   */
  public Outcome<Long> number(String name, long otherwise) {
    Optional<String> text = exchange.query(name);
    if (text.isEmpty()) {
      return Outcome.done(otherwise);
    }
    String digits = text.get();
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return invalid(name, name + " is not a whole number of at least 0");
    }
    return Outcome.done(digits.length() <= 18 ? Long.parseLong(digits) : Long.MAX_VALUE);
  }

  /** Rows of a page, brought into 1 to 100. */
  public Outcome<Integer> limit() {
    return number("limit", DEFAULT_LIMIT).map(limit -> (int) Math.clamp(limit, 1, LARGEST_LIMIT));
  }

  /** The row that a page begins after. */
  public Outcome<Optional<RequestId>> cursor() {
    Optional<String> text = exchange.query("cursor");
    Optional<RequestId> cursor = text.flatMap(RequestId::parse);
    return text.isPresent() && cursor.isEmpty()
        ? invalid("cursor", "cursor is not the next_cursor of an answer")
        : Outcome.done(cursor);
  }

  /** A refusal that blames one member or parameter. */
  public static <T> Outcome<T> invalid(String param, String message) {
    return Outcome.refused(Refusal.of(RefusalCode.INVALID_REQUEST, message).withParam(param));
  }

  /** A refusal because of a member of the body that its reader names. */
  static <T> Outcome<T> invalid(SpecException fault) {
    return invalid(fault.path(), String.valueOf(fault.getMessage()));
  }

  private <T> Outcome<T> decode(byte[] bytes, Class<T> type) {
    try {
      return Outcome.done(ControlJson.read(bytes, type, warnings::member));
    } catch (ControlFormatException malformed) {
      return Outcome.refused(RefusalCode.INVALID_REQUEST, String.valueOf(malformed.getMessage()));
    }
  }
}
