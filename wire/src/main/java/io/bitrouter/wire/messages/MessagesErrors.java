package io.bitrouter.wire.messages;

import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.error.RefusalText;
import io.bitrouter.wire.error.UpstreamFault;
import io.bitrouter.wire.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Anthropic's error envelope. Stateless and thread-safe. */
final class MessagesErrors {

  private static final byte[] PREFIX = "event: error\ndata: ".getBytes(StandardCharsets.US_ASCII);

  private MessagesErrors() {}

  /** {@code {"type":"error","error":{type,message,code},"request_id":…}}. */
  static byte[] body(Refusal refusal, RequestId requestId) {
    return envelope(
        type(refusal),
        RefusalText.withHint(refusal),
        RefusalText.code(refusal),
        Optional.of(requestId));
  }

  /** An error event with the same envelope. */
  static byte[] event(Refusal refusal, RequestId requestId) {
    return event(body(refusal, requestId));
  }

  /** An upstream's error event, written anew. */
  static byte[] event(UpstreamFault fault, String message) {
    String type = fault.type().filter(word -> word.endsWith("_error")).orElse("api_error");
    return event(envelope(type, message, fault.code().orElse("upstream_error"), Optional.empty()));
  }

  private static byte[] envelope(
      String type, String message, String code, Optional<RequestId> requestId) {
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeStringProperty("type", "error");
      json.writeObjectPropertyStart("error");
      json.writeStringProperty("type", type);
      json.writeStringProperty("message", message);
      json.writeStringProperty("code", code);
      json.writeEndObject();
      requestId.ifPresent(id -> json.writeStringProperty("request_id", id.toString()));
      json.writeEndObject();
    });
  }

  private static byte[] event(byte[] json) {
    byte[] event = new byte[PREFIX.length + json.length + 2];
    System.arraycopy(PREFIX, 0, event, 0, PREFIX.length);
    System.arraycopy(json, 0, event, PREFIX.length, json.length);
    event[event.length - 2] = '\n';
    event[event.length - 1] = '\n';
    return event;
  }

  private static String type(Refusal refusal) {
    return switch (refusal.code()) {
      case INVALID_REQUEST, METHOD_NOT_ALLOWED, CONFLICT, UNSUPPORTED_MEDIA_TYPE ->
          "invalid_request_error";
      case UNAUTHORIZED, KEY_REVOKED, KEY_EXPIRED -> "authentication_error";
      case FORBIDDEN -> "permission_error";
      case NOT_FOUND, MODEL_NOT_FOUND -> "not_found_error";
      case REQUEST_TOO_LARGE -> "request_too_large";
      case UPSTREAM_REJECTED ->
          switch (refusal.status()) {
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 529 -> "overloaded_error";
            default -> "invalid_request_error";
          };
      case REQUEST_TIMEOUT, UPSTREAM_TIMEOUT -> "timeout_error";
      case NODE_OVERLOADED -> "overloaded_error";
      case JOURNAL_UNAVAILABLE,
          STORE_UNAVAILABLE,
          UPSTREAM_UNAVAILABLE,
          UPSTREAM_ERROR,
          UPSTREAM_CREDENTIAL,
          STREAM_TRUNCATED,
          INTERNAL_ERROR ->
          "api_error";
    };
  }
}
