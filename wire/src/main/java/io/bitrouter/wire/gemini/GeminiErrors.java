package io.bitrouter.wire.gemini;

import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.error.RefusalShape;
import io.bitrouter.wire.error.UpstreamFault;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import java.math.BigDecimal;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/**
 * Google's error envelope: {@code {"error":{code,message,status,details}}}. The machine code of a
 * refusal is the {@code reason} of an {@code ErrorInfo} in the details.
 */
final class GeminiErrors {

  private static final String TYPES = "type.googleapis.com/google.rpc.";
  private static final String UNAVAILABLE = "UNAVAILABLE";
  private static final int BAD_GATEWAY = 502;

  private GeminiErrors() {}

  static byte[] body(Refusal refusal, RequestId requestId) {
    return envelope(
        refusal.status(),
        RefusalShape.message(refusal),
        status(refusal.status()),
        json -> details(refusal, requestId, json));
  }

  private static void details(Refusal refusal, RequestId requestId, JsonGenerator json) {
    json.writeArrayPropertyStart("details");
    json.writeStartObject();
    json.writeStringProperty("@type", TYPES + "ErrorInfo");
    json.writeStringProperty("reason", RefusalShape.code(refusal));
    json.writeStringProperty("domain", "bitrouter");
    json.writeObjectPropertyStart("metadata");
    json.writeStringProperty("request_id", requestId.toString());
    refusal.param().ifPresent(param -> json.writeStringProperty("param", param));
    refusal.policy().ifPresent(id -> json.writeStringProperty("policy_id", id));
    json.writeEndObject();
    json.writeEndObject();
    refusal
        .retryAfterMillis()
        .ifPresent(millis -> {
          String seconds = BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
          json.writeStartObject();
          json.writeStringProperty("@type", TYPES + "RetryInfo");
          json.writeStringProperty("retryDelay", seconds + "s");
          json.writeEndObject();
        });
    json.writeEndArray();
  }

  /** An upstream's error in the middle of a stream, written anew. */
  static byte[] event(UpstreamFault fault, String message) {
    String said = fault.code().orElse("");
    int code =
        switch (said) {
          case "INVALID_ARGUMENT", "FAILED_PRECONDITION" -> 400;
          case "NOT_FOUND" -> 404;
          case "RESOURCE_EXHAUSTED" -> 429;
          case "INTERNAL" -> 500;
          case UNAVAILABLE -> 503;
          case "DEADLINE_EXCEEDED" -> 504;
          default -> BAD_GATEWAY;
        };
    return SseEvent.write(
        "", envelope(code, message, code == BAD_GATEWAY ? UNAVAILABLE : said, json -> {}));
  }

  /** Google's word for an HTTP status. */
  private static String status(int http) {
    return switch (http) {
      case 401 -> "UNAUTHENTICATED";
      case 403 -> "PERMISSION_DENIED";
      case 404 -> "NOT_FOUND";
      case 402, 429 -> "RESOURCE_EXHAUSTED";
      case 408, 504 -> "DEADLINE_EXCEEDED";
      case 500 -> "INTERNAL";
      default -> http > 500 ? UNAVAILABLE : "INVALID_ARGUMENT";
    };
  }

  private static byte[] envelope(
      int code, String message, String status, Consumer<JsonGenerator> details) {
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeObjectPropertyStart("error");
      json.writeNumberProperty("code", code);
      json.writeStringProperty("message", message);
      json.writeStringProperty("status", status);
      details.accept(json);
      json.writeEndObject();
      json.writeEndObject();
    });
  }
}
