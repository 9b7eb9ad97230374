package io.bitrouter.wire.error;

import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.ReplyHead;
import io.bitrouter.core.kernel.Refusal;
import java.util.ArrayList;
import java.util.List;

/**
 * How a refusal looks to clients of each protocol.
 *
 * @param chatType {@code type} of an OpenAI error
 * @param messagesType {@code type} of an Anthropic error
 * @param retry whether the same request can succeed later
 * @param upstream whether the reason lies with the upstream
 */
public record RefusalShape(String chatType, String messagesType, boolean retry, boolean upstream) {

  private static final String INVALID = "invalid_request_error";

  /** The shape of {@code refusal}. */
  public static RefusalShape of(Refusal refusal) {
    return switch (refusal.code()) {
      case INVALID_REQUEST, METHOD_NOT_ALLOWED, CONFLICT, UNSUPPORTED_MEDIA_TYPE ->
          lasting(INVALID);
      case EXCEEDS_LIMIT, GUARDRAIL_BLOCKED -> lasting(INVALID);
      case REQUEST_TOO_LARGE -> new RefusalShape(INVALID, "request_too_large", false, false);
      case UNAUTHORIZED, KEY_REVOKED, KEY_EXPIRED -> lasting("authentication_error");
      case BUDGET_EXCEEDED -> new RefusalShape("payment_required", "billing_error", false, false);
      case FORBIDDEN, NAMESPACE_SUSPENDED -> lasting("permission_error");
      case MODEL_NOT_ALLOWED, STREAMING_NOT_ALLOWED, TOOL_NOT_ALLOWED ->
          lasting("permission_error");
      case BYOK_REQUIRED, UNPRICED_MODEL -> lasting("permission_error");
      case NOT_FOUND, MODEL_NOT_FOUND -> lasting("not_found_error");
      case BUDGET_CONTENDED, RATE_LIMITED, CONCURRENCY_LIMITED ->
          passing("rate_limit_error", "rate_limit_error");
      case REQUEST_TIMEOUT -> passing("timeout_error", "timeout_error");
      case NODE_OVERLOADED -> passing("overloaded_error", "overloaded_error");
      case JOURNAL_UNAVAILABLE, STORE_UNAVAILABLE -> passing("server_error", "api_error");
      case INTERNAL_ERROR -> passing("internal_error", "api_error");
      case UPSTREAM_REJECTED -> rejected(refusal.status());
      case UPSTREAM_UNAVAILABLE ->
          new RefusalShape("upstream_unavailable", "api_error", true, true);
      case UPSTREAM_TIMEOUT -> new RefusalShape("upstream_timeout", "timeout_error", true, true);
      case UPSTREAM_ERROR, UPSTREAM_CREDENTIAL, STREAM_TRUNCATED ->
          new RefusalShape("upstream_error", "api_error", true, true);
    };
  }

  private static RefusalShape lasting(String type) {
    return new RefusalShape(type, type, false, false);
  }

  private static RefusalShape passing(String chatType, String messagesType) {
    return new RefusalShape(chatType, messagesType, true, false);
  }

  private static RefusalShape rejected(int status) {
    return switch (status) {
      case 404 -> new RefusalShape("not_found_error", "not_found_error", false, true);
      case 413 -> new RefusalShape(INVALID, "request_too_large", false, true);
      case 429 -> new RefusalShape("rate_limit_error", "rate_limit_error", true, true);
      case 529 -> new RefusalShape("overloaded_error", "overloaded_error", true, true);
      default -> new RefusalShape(INVALID, INVALID, false, true);
    };
  }

  /**
   * Status and headers: {@code Retry-After}, in seconds rounded up, and {@code retry-after-ms} when
   * it is known, {@code x-should-retry} for clients that would decide by the status alone, {@code
   * WWW-Authenticate} with 401, {@code x-bitrouter-policy} when a policy refused, and {@code
   * x-bitrouter-error-source: upstream} when the reason lies there.
   */
  public static ReplyHead head(Refusal refusal) {
    RefusalShape shape = of(refusal);
    List<HeaderField> fields = new ArrayList<>(6);
    refusal
        .retryAfterMillis()
        .ifPresent(millis -> {
          long seconds = Math.ceilDiv(millis, 1_000L);
          fields.add(new HeaderField("retry-after", Long.toString(seconds)));
          fields.add(new HeaderField("retry-after-ms", Long.toString(millis)));
        });
    fields.add(new HeaderField("x-should-retry", Boolean.toString(shape.retry())));
    if (refusal.status() == 401) {
      fields.add(new HeaderField("www-authenticate", "Bearer realm=\"bitrouter\""));
    }
    refusal.policy().ifPresent(id -> fields.add(new HeaderField("x-bitrouter-policy", id)));
    if (shape.upstream()) {
      fields.add(new HeaderField("x-bitrouter-error-source", "upstream"));
    }
    return new ReplyHead(refusal.status(), "application/json", List.copyOf(fields));
  }

  /** The message, and then what to do about it, for envelopes that have no member for that. */
  public static String message(Refusal refusal) {
    return refusal.hint().map(hint -> refusal.message() + ". " + hint).orElse(refusal.message());
  }

  /** The code a client sees: the upstream's own word where the upstream refused the request. */
  public static String code(Refusal refusal) {
    return refusal.upstreamCode().orElse(refusal.code().text());
  }
}
