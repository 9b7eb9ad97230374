package io.bitrouter.wire.chat;

import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.error.RefusalText;
import io.bitrouter.wire.error.UpstreamFault;
import io.bitrouter.wire.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** OpenAI's error envelope. Stateless and thread-safe. */
final class ChatErrors {

  private ChatErrors() {}

  /** {@code {"error":{message,type,param,code},"request_id":…}}. */
  static byte[] body(Refusal refusal, RequestId requestId) {
    return Json.bytes(json -> {
      json.writeStartObject();
      error(
          json,
          RefusalText.withHint(refusal),
          type(refusal),
          refusal.param(),
          Optional.of(RefusalText.code(refusal)));
      json.writeStringProperty("request_id", requestId.toString());
      json.writeEndObject();
    });
  }

  /** An error event with the same envelope. */
  static byte[] event(Refusal refusal, RequestId requestId) {
    return event(body(refusal, requestId));
  }

  /** An upstream's error event, written anew. */
  static byte[] event(UpstreamFault fault, String message) {
    return event(
        Json.bytes(json -> {
          json.writeStartObject();
          error(
              json,
              message,
              fault.type().orElse("upstream_error"),
              fault.param(),
              Optional.of(fault.code().orElse("upstream_error")));
          json.writeEndObject();
        }));
  }

  private static byte[] event(byte[] json) {
    byte[] prefix = "data: ".getBytes(StandardCharsets.US_ASCII);
    byte[] event = new byte[prefix.length + json.length + 2];
    System.arraycopy(prefix, 0, event, 0, prefix.length);
    System.arraycopy(json, 0, event, prefix.length, json.length);
    event[event.length - 2] = '\n';
    event[event.length - 1] = '\n';
    return event;
  }

  private static void error(
      JsonGenerator json,
      String message,
      String type,
      Optional<String> param,
      Optional<String> code) {
    json.writeObjectPropertyStart("error");
    json.writeStringProperty("message", message);
    json.writeStringProperty("type", type);
    json.writeName("param");
    param.ifPresentOrElse(json::writeString, json::writeNull);
    json.writeName("code");
    code.ifPresentOrElse(json::writeString, json::writeNull);
    json.writeEndObject();
  }

  private static String type(Refusal refusal) {
    return switch (refusal.code()) {
      case INVALID_REQUEST,
          METHOD_NOT_ALLOWED,
          CONFLICT,
          REQUEST_TOO_LARGE,
          UNSUPPORTED_MEDIA_TYPE ->
          "invalid_request_error";
      case UNAUTHORIZED, KEY_REVOKED, KEY_EXPIRED -> "authentication_error";
      case FORBIDDEN -> "permission_error";
      case NOT_FOUND, MODEL_NOT_FOUND -> "not_found_error";
      case REQUEST_TIMEOUT -> "timeout_error";
      case UPSTREAM_REJECTED ->
          switch (refusal.status()) {
            case 404 -> "not_found_error";
            case 429 -> "rate_limit_error";
            case 529 -> "overloaded_error";
            default -> "invalid_request_error";
          };
      case NODE_OVERLOADED -> "overloaded_error";
      case JOURNAL_UNAVAILABLE, STORE_UNAVAILABLE -> "server_error";
      case UPSTREAM_UNAVAILABLE -> "upstream_unavailable";
      case UPSTREAM_TIMEOUT -> "upstream_timeout";
      case UPSTREAM_ERROR, UPSTREAM_CREDENTIAL, STREAM_TRUNCATED -> "upstream_error";
      case INTERNAL_ERROR -> "internal_error";
    };
  }
}
