package io.bitrouter.core.gateway;

import io.bitrouter.core.catalog.ProviderId;
import io.bitrouter.core.gateway.Upstream.UpstreamFailure;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;

/** What to tell a client when its upstream gave no answer. */
final class UpstreamRefusals {

  private UpstreamRefusals() {}

  static Refusal of(UpstreamFailure failure, ProviderId provider) {
    return switch (failure) {
      case UNREACHABLE ->
          Refusal.of(RefusalCode.UPSTREAM_UNAVAILABLE, "provider '" + provider + "' is unreachable")
              .withRetryAfter(1);
      case TIMEOUT ->
          Refusal.of(
              RefusalCode.UPSTREAM_TIMEOUT, "provider '" + provider + "' did not answer in time");
      case BROKEN ->
          Refusal.of(
              RefusalCode.UPSTREAM_ERROR, "provider '" + provider + "' broke the connection");
      case INVALID ->
          Refusal.of(
              RefusalCode.UPSTREAM_ERROR,
              "provider '" + provider + "' answered something that is not a reply");
      case CLIENT_GONE ->
          Refusal.of(RefusalCode.REQUEST_TIMEOUT, "the client closed the connection");
    };
  }
}
