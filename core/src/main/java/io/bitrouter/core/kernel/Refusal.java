package io.bitrouter.core.kernel;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Why a request was not served as asked. Each protocol renders it in its own envelope; expected
 * failures are values of this type, exceptions mean bugs or I/O.
 *
 * @param code the reason, see {@link RefusalCode}
 * @param status HTTP status; usually the code's own, an upstream's when the upstream refused
 * @param message what happened and which rule or field, for a person; holds no secret and nothing
 *     of another namespace
 * @param hint what to do about it, when there is something
 * @param param the request member at fault, when there is one
 * @param retryAfterSeconds when to try again, when it is known
 * @param upstreamCode the upstream's own word for it, when the upstream refused and had one
 */
public record Refusal(
    RefusalCode code,
    int status,
    String message,
    Optional<String> hint,
    Optional<String> param,
    OptionalInt retryAfterSeconds,
    Optional<String> upstreamCode) {

  /** A refusal without a word of an upstream. */
  public Refusal(
      RefusalCode code,
      int status,
      String message,
      Optional<String> hint,
      Optional<String> param,
      OptionalInt retryAfterSeconds) {
    this(code, status, message, hint, param, retryAfterSeconds, Optional.empty());
  }

  /** A refusal with the code's own status and nothing but a message. */
  public static Refusal of(RefusalCode code, String message) {
    return new Refusal(
        code, code.status(), message, Optional.empty(), Optional.empty(), OptionalInt.empty());
  }

  /** The same with advice for the person who reads it. */
  public Refusal withHint(String text) {
    return new Refusal(
        code, status, message, Optional.of(text), param, retryAfterSeconds, upstreamCode);
  }

  /** The same, blaming one member of the request. */
  public Refusal withParam(String name) {
    return new Refusal(
        code, status, message, hint, Optional.of(name), retryAfterSeconds, upstreamCode);
  }

  /** The same, to be tried again after {@code seconds}. */
  public Refusal withRetryAfter(int seconds) {
    return new Refusal(code, status, message, hint, param, OptionalInt.of(seconds), upstreamCode);
  }

  /** The same with another HTTP status. */
  public Refusal withStatus(int other) {
    return new Refusal(code, other, message, hint, param, retryAfterSeconds, upstreamCode);
  }

  /** The same with the upstream's own word for it. */
  public Refusal withUpstreamCode(String word) {
    return new Refusal(code, status, message, hint, param, retryAfterSeconds, Optional.of(word));
  }
}
