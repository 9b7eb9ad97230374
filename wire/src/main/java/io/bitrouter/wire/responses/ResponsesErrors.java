package io.bitrouter.wire.responses;

import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.error.RefusalShape;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * OpenAI's error envelope, {@code {"error":{message,type,param,code,policy_id?},"request_id":…}},
 * and the event {@code error} of its streams, which is flat.
 */
final class ResponsesErrors {

  private ResponsesErrors() {}

  static byte[] body(Refusal refusal, RequestId requestId) {
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeObjectPropertyStart("error");
      json.writeStringProperty("message", RefusalShape.message(refusal));
      json.writeStringProperty("type", RefusalShape.of(refusal).chatType());
      json.writeName("param");
      refusal.param().ifPresentOrElse(json::writeString, json::writeNull);
      json.writeStringProperty("code", RefusalShape.code(refusal));
      refusal.policy().ifPresent(id -> json.writeStringProperty("policy_id", id));
      json.writeEndObject();
      json.writeStringProperty("request_id", requestId.toString());
      json.writeEndObject();
    });
  }

  /** An event about a refusal, which is numbered 0, as the next after {@code sequence} others. */
  static byte[] numbered(byte[] event, long sequence) {
    String text = new String(event, StandardCharsets.UTF_8);
    return text.replace("\"sequence_number\":0}", "\"sequence_number\":" + sequence + "}")
        .getBytes(StandardCharsets.UTF_8);
  }

  static byte[] event(String code, String message, Optional<String> param, long sequence) {
    return SseEvent.write(
        "error",
        Json.bytes(json -> {
          json.writeStartObject();
          json.writeStringProperty("type", "error");
          json.writeStringProperty("code", code);
          json.writeStringProperty("message", message);
          json.writeName("param");
          param.ifPresentOrElse(json::writeString, json::writeNull);
          json.writeNumberProperty("sequence_number", sequence);
          json.writeEndObject();
        }));
  }
}
