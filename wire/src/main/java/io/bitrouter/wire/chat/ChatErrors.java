package io.bitrouter.wire.chat;

import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.error.RefusalShape;
import io.bitrouter.wire.error.UpstreamFault;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import java.util.Optional;

/**
 * OpenAI's error envelope: {@code {"error":{message,type,param,code,policy_id?},"request_id":…}}.
 */
final class ChatErrors {

  private ChatErrors() {}

  static byte[] body(Refusal refusal, RequestId requestId) {
    return envelope(
        RefusalShape.message(refusal),
        RefusalShape.of(refusal).chatType(),
        refusal.param(),
        RefusalShape.code(refusal),
        refusal.policy(),
        Optional.of(requestId));
  }

  /** An upstream's error event, written anew. */
  static byte[] event(UpstreamFault fault, String message) {
    return SseEvent.write(
        "",
        envelope(
            message,
            fault.type().orElse("upstream_error"),
            fault.param(),
            fault.code().orElse("upstream_error"),
            Optional.empty(),
            Optional.empty()));
  }

  private static byte[] envelope(
      String message,
      String type,
      Optional<String> param,
      String code,
      Optional<String> policy,
      Optional<RequestId> requestId) {
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeObjectPropertyStart("error");
      json.writeStringProperty("message", message);
      json.writeStringProperty("type", type);
      json.writeName("param");
      param.ifPresentOrElse(json::writeString, json::writeNull);
      json.writeStringProperty("code", code);
      policy.ifPresent(id -> json.writeStringProperty("policy_id", id));
      json.writeEndObject();
      requestId.ifPresent(id -> json.writeStringProperty("request_id", id.toString()));
      json.writeEndObject();
    });
  }
}
