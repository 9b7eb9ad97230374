package io.bitrouter.wire.error;

import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import java.util.ArrayList;
import java.util.List;

/** The headers that a refusal has in every protocol. Stateless and thread-safe. */
public final class RefusalHeaders {

  private RefusalHeaders() {}

  /**
   * {@code Retry-After} when it is known, {@code x-should-retry} for clients that would decide by
   * the status alone, {@code WWW-Authenticate} with 401, and {@code x-bitrouter-error-source:
   * upstream} when the reason lies there.
   */
  public static List<HeaderField> of(Refusal refusal) {
    List<HeaderField> fields = new ArrayList<>(4);
    refusal
        .retryAfterSeconds()
        .ifPresent(
            seconds -> fields.add(new HeaderField("retry-after", Integer.toString(seconds))));
    fields.add(new HeaderField("x-should-retry", Boolean.toString(shouldRetry(refusal))));
    if (refusal.status() == 401) {
      fields.add(new HeaderField("www-authenticate", "Bearer realm=\"bitrouter\""));
    }
    if (fromUpstream(refusal.code())) {
      fields.add(new HeaderField("x-bitrouter-error-source", "upstream"));
    }
    return List.copyOf(fields);
  }

  /** Whether the same request can succeed later. */
  static boolean shouldRetry(Refusal refusal) {
    return switch (refusal.code()) {
      case INVALID_REQUEST,
          UNAUTHORIZED,
          KEY_REVOKED,
          KEY_EXPIRED,
          FORBIDDEN,
          NOT_FOUND,
          MODEL_NOT_FOUND,
          METHOD_NOT_ALLOWED,
          CONFLICT,
          REQUEST_TOO_LARGE,
          UNSUPPORTED_MEDIA_TYPE ->
          false;
      case UPSTREAM_REJECTED -> refusal.status() == 429 || refusal.status() == 529;
      case REQUEST_TIMEOUT,
          NODE_OVERLOADED,
          JOURNAL_UNAVAILABLE,
          STORE_UNAVAILABLE,
          UPSTREAM_UNAVAILABLE,
          UPSTREAM_TIMEOUT,
          UPSTREAM_ERROR,
          UPSTREAM_CREDENTIAL,
          STREAM_TRUNCATED,
          INTERNAL_ERROR ->
          true;
    };
  }

  private static boolean fromUpstream(RefusalCode code) {
    return switch (code) {
      case UPSTREAM_REJECTED,
          UPSTREAM_UNAVAILABLE,
          UPSTREAM_TIMEOUT,
          UPSTREAM_ERROR,
          UPSTREAM_CREDENTIAL,
          STREAM_TRUNCATED ->
          true;
      case INVALID_REQUEST,
          UNAUTHORIZED,
          KEY_REVOKED,
          KEY_EXPIRED,
          FORBIDDEN,
          NOT_FOUND,
          MODEL_NOT_FOUND,
          METHOD_NOT_ALLOWED,
          REQUEST_TIMEOUT,
          CONFLICT,
          REQUEST_TOO_LARGE,
          UNSUPPORTED_MEDIA_TYPE,
          NODE_OVERLOADED,
          JOURNAL_UNAVAILABLE,
          STORE_UNAVAILABLE,
          INTERNAL_ERROR ->
          false;
    };
  }
}
