package io.bitrouter.wire.error;

import io.bitrouter.core.kernel.Refusal;

/** How a refusal reads. Stateless and thread-safe. */
public final class RefusalText {

  private RefusalText() {}

  /** The message, and then what to do about it, for envelopes that have no member for that. */
  public static String withHint(Refusal refusal) {
    return refusal.hint().map(hint -> refusal.message() + ". " + hint).orElse(refusal.message());
  }

  /** The code a client sees: the upstream's own word where the upstream refused the request. */
  public static String code(Refusal refusal) {
    return refusal.upstreamCode().orElse(refusal.code().text());
  }
}
