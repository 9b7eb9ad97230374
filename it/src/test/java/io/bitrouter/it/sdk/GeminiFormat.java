package io.bitrouter.it.sdk;

import static io.bitrouter.it.sdk.Format.quoted;

import java.util.ArrayList;
import java.util.List;

/** Google's Gemini, which has no ids of calls and no event for the end. */
final class GeminiFormat implements Format {

  @Override
  public String whole(Answer answer, String model) {
    return object(
        String.join(",", parts(answer, false)), ",\"finishReason\":\"STOP\"", answer, model);
  }

  @Override
  public List<String> events(Answer answer, String model) {
    List<String> events = new ArrayList<>();
    for (String part : parts(answer, true)) {
      events.add(event(object(part, "", answer, model)));
    }
    events.add(event(object("{\"text\":\"\"}", ",\"finishReason\":\"STOP\"", answer, model)));
    return events;
  }

  @Override
  public String error(int status, String message) {
    return "{\"error\":{\"code\":%d,\"message\":%s,\"status\":\"%s\"}}"
        .formatted(
            status, quoted(message), status == 429 ? "RESOURCE_EXHAUSTED" : "INVALID_ARGUMENT");
  }

  @Override
  public String errorEvent(String message) {
    return event(
        "{\"error\":{\"code\":503,\"message\":%s,\"status\":\"UNAVAILABLE\"}}"
            .formatted(quoted(message)));
  }

  private static List<String> parts(Answer answer, boolean streamed) {
    List<String> parts = new ArrayList<>();
    for (String piece : pieces(answer.thought(), streamed)) {
      parts.add("{\"text\":%s,\"thought\":true}".formatted(quoted(piece)));
    }
    for (String piece : pieces(answer.text(), streamed)) {
      parts.add("{\"text\":%s}".formatted(quoted(piece)));
    }
    String seal = ",\"thoughtSignature\":\"c2VhbGVk\"";
    for (Answer.Call call : answer.calls()) {
      parts.add(
          "{\"functionCall\":{\"name\":\"%s\",\"args\":%s}%s}"
              .formatted(call.name(), call.arguments(), seal));
      seal = "";
    }
    return parts;
  }

  private static List<String> pieces(String text, boolean streamed) {
    return streamed || text.isEmpty() ? Answer.pieces(text) : List.of(text);
  }

  private static String object(String parts, String finish, Answer answer, String model) {
    Tokens used = answer.tokens();
    return """
    {"candidates":[{"content":{"parts":[%s],"role":"model"}%s,"index":0}],"usageMetadata":\
    {"promptTokenCount":%d%s,"candidatesTokenCount":%d,"totalTokenCount":%d,\
    "promptTokensDetails":[{"modality":"TEXT","tokenCount":%d}],"thoughtsTokenCount":%d},\
    "modelVersion":%s,"responseId":"up"}\
    """
        .formatted(
            parts,
            finish,
            used.prompt(),
            used.cacheRead() == 0 ? "" : ",\"cachedContentTokenCount\":" + used.cacheRead(),
            used.output(),
            used.prompt() + used.completion(),
            used.prompt(),
            used.reasoning(),
            quoted(model));
  }

  private static String event(String data) {
    return "data: " + data + "\r\n\r\n";
  }
}
