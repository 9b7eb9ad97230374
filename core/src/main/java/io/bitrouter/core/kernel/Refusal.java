package io.bitrouter.core.kernel;

import java.util.Optional;
import java.util.OptionalLong;

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
 * @param retryAfterMillis when to try again, when it is known
 * @param upstreamCode the upstream's own word for it, when the upstream refused and had one
 * @param policy id of the policy that refused, when one did
 */
public record Refusal(
    RefusalCode code,
    int status,
    String message,
    Optional<String> hint,
    Optional<String> param,
    OptionalLong retryAfterMillis,
    Optional<String> upstreamCode,
    Optional<String> policy) {

  /** A refusal with the code's own status and nothing but a message. */
  public static Refusal of(RefusalCode code, String message) {
    return new Refusal(
        code,
        code.status(),
        message,
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same with advice for the person who reads it. */
  public Refusal withHint(String text) {
    return new Refusal(
        code, status, message, Optional.of(text), param, retryAfterMillis, upstreamCode, policy);
  }

  /** The same, blaming one member of the request. */
  public Refusal withParam(String name) {
    return new Refusal(
        code, status, message, hint, Optional.of(name), retryAfterMillis, upstreamCode, policy);
  }

  /** The same, to be tried again after {@code seconds}. */
  public Refusal withRetryAfter(int seconds) {
    return withRetryAfterMillis(seconds * 1_000L);
  }

  /** The same, to be tried again after {@code millis}. */
  public Refusal withRetryAfterMillis(long millis) {
    return new Refusal(
        code, status, message, hint, param, OptionalLong.of(millis), upstreamCode, policy);
  }

  /** The same with another HTTP status. */
  public Refusal withStatus(int other) {
    return new Refusal(code, other, message, hint, param, retryAfterMillis, upstreamCode, policy);
  }

  /** The same with the upstream's own word for it. */
  public Refusal withUpstreamCode(String word) {
    return new Refusal(
        code, status, message, hint, param, retryAfterMillis, Optional.of(word), policy);
  }

  /** The same, naming the policy that refuses. */
  public Refusal withPolicy(String id) {
    return new Refusal(
        code, status, message, hint, param, retryAfterMillis, upstreamCode, Optional.of(id));
  }
}
