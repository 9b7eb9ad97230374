package io.bitrouter.wire.messages;

import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.error.RefusalShape;
import io.bitrouter.wire.error.UpstreamFault;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import java.util.Optional;

/**
 * Anthropic's envelope: {@code {"type":"error","error":{type,message,code,policy_id?},
 * "request_id":…}}.
 */
final class MessagesErrors {

  private MessagesErrors() {}

  static byte[] body(Refusal refusal, RequestId requestId) {
    return envelope(
        RefusalShape.of(refusal).messagesType(),
        RefusalShape.message(refusal),
        RefusalShape.code(refusal),
        refusal.policy(),
        Optional.of(requestId));
  }

  /** An upstream's error event, written anew. */
  static byte[] event(UpstreamFault fault, String message) {
    String type = fault.type().filter(word -> word.endsWith("_error")).orElse("api_error");
    String code = fault.code().orElse("upstream_error");
    return SseEvent.write(
        "error", envelope(type, message, code, Optional.empty(), Optional.empty()));
  }

  /** An error event about an upstream of another protocol. */
  static byte[] event(String message) {
    return SseEvent.write(
        "error",
        envelope("api_error", message, "upstream_error", Optional.empty(), Optional.empty()));
  }

  private static byte[] envelope(
      String type,
      String message,
      String code,
      Optional<String> policy,
      Optional<RequestId> requestId) {
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeStringProperty("type", "error");
      json.writeObjectPropertyStart("error");
      json.writeStringProperty("type", type);
      json.writeStringProperty("message", message);
      json.writeStringProperty("code", code);
      policy.ifPresent(id -> json.writeStringProperty("policy_id", id));
      json.writeEndObject();
      requestId.ifPresent(id -> json.writeStringProperty("request_id", id.toString()));
      json.writeEndObject();
    });
  }
}
