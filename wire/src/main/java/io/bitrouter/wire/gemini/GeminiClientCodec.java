package io.bitrouter.wire.gemini;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Reply;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.ClientCodec;
import io.bitrouter.wire.translate.ReplyContext;
import io.bitrouter.wire.translate.ReplyWriter;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** How clients of Gemini talk. Good for one request and its answer; not thread-safe. */
public final class GeminiClientCodec implements ClientCodec {

  private static final int BAD_GATEWAY = 502;

  private final boolean jsonArray;
  private GeminiFraming framing;

  /**
   * For one request.
   *
   * @param jsonArray whether a stream is one JSON array, not events
   */
  public GeminiClientCodec(boolean jsonArray) {
    this.jsonArray = jsonArray;
    this.framing = new GeminiFraming(jsonArray);
  }

  @Override
  public InferenceRequest read(JsonNode body, AskedRequest asked) {
    return GeminiRequestReader.read(body, asked);
  }

  @Override
  public String streamType() {
    return jsonArray ? "application/json" : "text/event-stream";
  }

  @Override
  public ReplyWriter stream(ReplyContext context) {
    framing = new GeminiFraming(jsonArray);
    return new GeminiReplyWriter(context, framing);
  }

  @Override
  public byte[] whole(Reply reply, ReplyContext context) {
    boolean thoughtsShown = GeminiReplyWriter.thoughtsShown(context);
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeArrayPropertyStart("candidates");
      for (int i = 0; i < reply.choices().size(); i++) {
        candidate(reply.choices().get(i), i, thoughtsShown, json);
      }
      json.writeEndArray();
      GeminiAnswer.usage(json, reply.usage().tokens());
      GeminiAnswer.source(json, reply.model(), context.id());
      json.writeEndObject();
    });
  }

  private static void candidate(
      Reply.Choice choice, int index, boolean thoughtsShown, JsonGenerator json) {
    GeminiSources sources = new GeminiSources();
    GeminiAnswer.beginCandidate(json);
    for (Part part : choice.parts()) {
      switch (part) {
        case Part.Text text -> {
          sources.interrupted();
          sources.text(text.text());
          text.citations().forEach(sources::add);
          GeminiAnswer.text(json, text.text(), false);
        }
        case Part.Refused(String text) -> {
          sources.text(text);
          GeminiAnswer.text(json, text, false);
        }
        case Part.Reasoning thought -> {
          if (thoughtsShown && !thought.text().isEmpty()) {
            GeminiAnswer.text(json, thought.text(), true);
          }
        }
        case Part.ToolCall call ->
            GeminiAnswer.call(json, call.id(), call.name(), call.arguments());
        // Answers have none of these.
        case Part.Attached unused -> {}
        case Part.ToolResult unused -> {}
      }
    }
    GeminiAnswer.endParts(json);
    json.writeStringProperty("finishReason", GeminiAnswer.word(choice.reason()));
    json.writeNumberProperty("index", index);
    sources.write(json);
    json.writeEndObject();
  }

  /** An object with the error in place of candidates; it ends an array. */
  @Override
  public byte[] failure(String message) {
    return last(
        Json.bytes(json -> {
          json.writeStartObject();
          json.writeObjectPropertyStart("error");
          json.writeNumberProperty("code", BAD_GATEWAY);
          json.writeStringProperty("message", message);
          json.writeStringProperty("status", "UNAVAILABLE");
          json.writeEndObject();
          json.writeEndObject();
        }));
  }

  @Override
  public byte[] broken(byte[] event) {
    // The dialect writes an event with one line of data.
    return jsonArray ? last(Arrays.copyOfRange(event, "data: ".length(), event.length - 2)) : event;
  }

  private byte[] last(byte[] object) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    framing.add(object, out);
    framing.close(out);
    return out.toByteArray();
  }
}
