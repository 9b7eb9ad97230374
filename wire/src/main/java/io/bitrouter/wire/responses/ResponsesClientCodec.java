package io.bitrouter.wire.responses;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Reply;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import io.bitrouter.wire.translate.ClientCodec;
import io.bitrouter.wire.translate.ReplyContext;
import io.bitrouter.wire.translate.ReplyWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** How clients of OpenAI Responses talk. Good for one request and its answer; not thread-safe. */
public final class ResponsesClientCodec implements ClientCodec {

  private final ResponsesStored storing;
  private ResponsesForm form;
  private @Nullable ResponsesReplyWriter streaming;

  /** For one request whose answer is not stored. */
  public ResponsesClientCodec() {
    this(ResponsesStored.NOTHING);
  }

  ResponsesClientCodec(ResponsesStored storing) {
    this.storing = storing;
    this.form = ResponsesForm.of(JsonNodeFactory.instance.objectNode(), Map.of(), storing);
  }

  @Override
  public InferenceRequest read(JsonNode body, AskedRequest asked) {
    ResponsesTooling tooling = new ResponsesTooling();
    InferenceRequest request = new ResponsesRequestReader(body, tooling).read(asked);
    form = ResponsesForm.of(body, tooling.namespaced(), storing);
    return request;
  }

  @Override
  public ReplyWriter stream(ReplyContext context) {
    ResponsesReplyWriter writer =
        new ResponsesReplyWriter(context, form, ResponsesEvents.streamed());
    streaming = writer;
    return writer;
  }

  /** Written like a stream whose events nobody hears. The protocol has one choice. */
  @Override
  public byte[] whole(Reply reply, ReplyContext context) {
    ResponsesReplyWriter writer = new ResponsesReplyWriter(context, form, ResponsesEvents.silent());
    writer.add(new ReplyEvent.Started("", reply.model()));
    Reply.Choice choice = reply.choices().getFirst();
    List<Part> parts = choice.parts();
    for (int i = 0; i < parts.size(); i++) {
      switch (parts.get(i)) {
        case Part.Text text -> {
          writer.add(new ReplyEvent.Text(0, text.text()));
          text.citations().forEach(each -> writer.add(new ReplyEvent.Cited(0, each)));
        }
        case Part.Refused(String text) -> writer.add(new ReplyEvent.Refused(0, text));
        case Part.Reasoning thought -> {
          writer.add(new ReplyEvent.Reasoned(0, thought.text()));
          thought
              .signature()
              .ifPresent(it -> writer.add(new ReplyEvent.Signed(0, it, thought.redacted())));
        }
        case Part.ToolCall call -> {
          writer.add(new ReplyEvent.CallBegan(0, i, call.id(), call.name(), call.signature()));
          writer.add(new ReplyEvent.CallArguments(0, i, call.arguments()));
        }
        // Answers have none of these.
        case Part.Attached unused -> {}
        case Part.ToolResult unused -> {}
      }
    }
    return writer.whole(choice.reason(), reply.usage());
  }

  /**
   * The end of the stream that has been written, as failed; where none has, an event that says
   * nothing but that.
   */
  @Override
  public byte[] failure(String message) {
    ResponsesReplyWriter writer = streaming;
    if (writer != null) {
      return writer.fail(message);
    }
    return SseEvent.write(
        "error",
        Json.bytes(json -> {
          json.writeStartObject();
          json.writeStringProperty("type", "error");
          json.writeNumberProperty("sequence_number", 0);
          json.writeStringProperty("code", "server_error");
          json.writeStringProperty("message", message);
          json.writeNullProperty("param");
          json.writeEndObject();
        }));
  }

  @Override
  public byte[] broken(byte[] event) {
    return streaming == null ? event : ResponsesErrors.numbered(event, streaming.count());
  }
}
