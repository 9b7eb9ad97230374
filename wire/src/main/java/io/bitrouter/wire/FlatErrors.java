package io.bitrouter.wire;

import io.bitrouter.core.gateway.Dialect.RenderedRefusal;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.ErrorBody;
import io.bitrouter.wire.error.RefusalShape;
import java.util.Optional;

/**
 * The envelope of every route outside of the inference protocols: {@code {error, error_description,
 * request_id, hint?, code, policy_id?}}. Stateless and thread-safe.
 */
public final class FlatErrors {

  private FlatErrors() {}

  /**
   * Renders {@code refusal}. Its {@code error} is one of the words that clients branch on: {@code
   * bad_request}, {@code unauthorized}, {@code forbidden}, {@code not_found}, {@code conflict},
   * {@code rate_limited}, {@code internal}.
   */
  public static RenderedRefusal render(Refusal refusal, RequestId requestId) {
    ErrorBody body =
        new ErrorBody(
            word(refusal.status()),
            refusal.message(),
            Optional.of(requestId.toString()),
            refusal.hint(),
            Optional.of(refusal.code().text()),
            refusal.policy());
    return new RenderedRefusal(RefusalShape.head(refusal), ControlJson.bytes(body));
  }

  private static String word(int status) {
    return switch (status) {
      case 401 -> "unauthorized";
      case 403 -> "forbidden";
      case 404 -> "not_found";
      case 409 -> "conflict";
      case 429 -> "rate_limited";
      default -> status >= 400 && status < 500 ? "bad_request" : "internal";
    };
  }
}
