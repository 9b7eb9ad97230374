package io.bitrouter.wire.error;

import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/** What a status other than 200 from an upstream means to the client. Stateless, thread-safe. */
public final class UpstreamRefusals {

  /** Words by which upstreams name a bad key; some send them with 400. */
  private static final Set<String> KEY_WORDS =
      Set.of("invalid_api_key", "authentication_error", "API_KEY_INVALID");

  private UpstreamRefusals() {}

  /**
   * The refusal for the client.
   *
   * <p>400, 404, 413, 422, 429 and 529 keep their status and the upstream's message, parameter and
   * code; other 4xx are the request's fault too and become 400. 401, 402, 403 and 407 are about the
   * node's own account and become {@code upstream_credential}, without a word of the upstream, as
   * does a 400 that blames the key. 408 and 504 are timeouts, 503 is unavailable, everything else
   * an error, without the upstream's words: those are about its insides.
   *
   * @param body the upstream's body, whatever it holds
   * @param retryAfterSeconds the upstream's Retry-After
   */
  public static Refusal of(int status, byte[] body, OptionalInt retryAfterSeconds) {
    return switch (status) {
      case 401, 402, 403, 407 -> credential(status);
      case 408, 504 ->
          Refusal.of(
              RefusalCode.UPSTREAM_TIMEOUT, "the upstream took too long (status " + status + ")");
      case 503 ->
          later(
              Refusal.of(
                  RefusalCode.UPSTREAM_UNAVAILABLE, "the upstream is unavailable (status 503)"),
              retryAfterSeconds);
      case 400, 404, 413, 422, 429, 529 -> rejected(status, status, body, retryAfterSeconds);
      default ->
          status >= 400 && status < 500
              ? rejected(status, 400, body, retryAfterSeconds)
              : later(
                  Refusal.of(
                      RefusalCode.UPSTREAM_ERROR, "the upstream failed with status " + status),
                  retryAfterSeconds);
    };
  }

  private static Refusal credential(int status) {
    return Refusal.of(
            RefusalCode.UPSTREAM_CREDENTIAL,
            "the upstream refused this node's account (status " + status + ")")
        .withHint("the node's operator checks the provider's key and its credit");
  }

  private static Refusal rejected(
      int status, int shownStatus, byte[] body, OptionalInt retryAfterSeconds) {
    UpstreamFault fault = UpstreamFault.read(body, 0, body.length);
    if (shownStatus == 400 && blamesKey(fault)) {
      return credential(status);
    }
    String message =
        fault.message().orElse("the upstream answered " + status + " without an explanation");
    Refusal refusal = Refusal.of(RefusalCode.UPSTREAM_REJECTED, message).withStatus(shownStatus);
    if (fault.param().isPresent()) {
      refusal = refusal.withParam(fault.param().get());
    }
    if (fault.code().isPresent()) {
      refusal = refusal.withUpstreamCode(fault.code().get());
    }
    return later(refusal, retryAfterSeconds);
  }

  private static boolean blamesKey(UpstreamFault fault) {
    String message = fault.message().orElse("").toLowerCase(Locale.ROOT);
    return fault.code().filter(KEY_WORDS::contains).isPresent()
        || fault.type().filter(KEY_WORDS::contains).isPresent()
        || message.startsWith("incorrect api key")
        || message.startsWith("api key not valid")
        || message.startsWith("invalid api key");
  }

  private static Refusal later(Refusal refusal, OptionalInt seconds) {
    return seconds.isPresent() ? refusal.withRetryAfter(seconds.getAsInt()) : refusal;
  }
}
