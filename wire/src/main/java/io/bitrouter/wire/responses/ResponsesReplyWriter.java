package io.bitrouter.wire.responses;

import io.bitrouter.core.exchange.FinishReason;
import io.bitrouter.core.exchange.InferenceRequest.Tool;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Part.Citation;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.exchange.Thinking;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.responses.ResponsesCall.Called;
import io.bitrouter.wire.responses.ResponsesTooling.Namespaced;
import io.bitrouter.wire.translate.ReplyContext;
import io.bitrouter.wire.translate.ReplyWriter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Writes one answer: its items as they come, and in the end all of it. Calls can be interleaved, so
 * they stay open until something else is said. Not thread-safe.
 */
final class ResponsesReplyWriter implements ReplyWriter {

  private static final String SERVER_ERROR = "server_error";

  private final ReplyContext context;
  private final ResponsesForm form;
  private final ResponsesEvents events;
  private final boolean thoughtsShown;
  private final List<ResponsesItem> items = new ArrayList<>();
  private final List<ResponsesItem> open = new ArrayList<>();
  private final Map<Integer, ResponsesCall> calls = new HashMap<>();
  private @Nullable ResponsesMessage message;
  private @Nullable ResponsesThought thought;
  private String model;
  private boolean begun;

  /** Writes the answer to a request, which says its form. */
  ResponsesReplyWriter(ReplyContext context, ResponsesForm form, ResponsesEvents events) {
    this.context = context;
    this.form = form;
    this.events = events;
    this.thoughtsShown = context.request().thinking().map(Thinking::shown).orElse(false);
    this.model = context.request().model();
  }

  @Override
  public void write(ReplyEvent event, ByteArrayOutputStream out) {
    add(event);
    events.moveTo(out);
  }

  /** Takes what an event says. */
  void add(ReplyEvent event) {
    switch (event) {
      case ReplyEvent.Started started -> {
        model = started.model().isEmpty() ? model : started.model();
        begin();
      }
      case ReplyEvent.Text text -> message(false, text.delta());
      case ReplyEvent.Refused refused -> message(true, refused.delta());
      case ReplyEvent.Reasoned more -> thought(more.delta());
      case ReplyEvent.Signed unused -> close(false);
      case ReplyEvent.CallBegan call -> began(call);
      case ReplyEvent.CallArguments more -> {
        ResponsesCall call = calls.get(more.call());
        if (call != null && call.open() && !more.delta().isEmpty()) {
          call.add(more.delta());
        }
      }
      case ReplyEvent.Cited cited -> cite(cited.citation());
      case ReplyEvent.Used unused -> {}
      case ReplyEvent.Finished unused -> {}
      case ReplyEvent.Failed unused -> {}
      case ReplyEvent.Ended unused -> {}
    }
  }

  @Override
  public void end(
      List<ReplyEvent.Finished> finished, MeasuredUsage usage, ByteArrayOutputStream out) {
    Ending ending = finish(finished.getFirst().reason(), usage);
    events.add("response." + ending.status(), response(ending));
    events.moveTo(out);
  }

  /** How many events there have been. */
  int count() {
    return events.count();
  }

  /** Ends the answer in the middle, because the upstream failed. */
  byte[] fail(String reason) {
    begin();
    events.add("response.failed", response(Ending.failed(reason, null)));
    ByteArrayOutputStream out = new ByteArrayOutputStream(1_024);
    events.moveTo(out);
    return out.toByteArray();
  }

  /** The whole answer, when all of it has been added. */
  byte[] whole(FinishReason reason, MeasuredUsage usage) {
    Ending ending = finish(reason, usage);
    return Json.bytes(json -> write(ending, json));
  }

  private void begin() {
    if (!begun) {
      begun = true;
      events.add("response.created", response(Ending.NOT_YET));
      events.add("response.in_progress", response(Ending.NOT_YET));
    }
  }

  private void message(boolean refusal, String delta) {
    if (delta.isEmpty()) {
      return;
    }
    ResponsesMessage goesOn = message;
    if (goesOn == null) {
      close(false);
      goesOn = new ResponsesMessage(events, name(), items.size());
      message = goesOn;
      begin(goesOn);
    }
    goesOn.add(refusal, delta);
  }

  private void thought(String delta) {
    if (delta.isEmpty() || !thoughtsShown) {
      return;
    }
    ResponsesThought goesOn = thought;
    if (goesOn == null) {
      close(false);
      goesOn = new ResponsesThought(events, name(), items.size());
      thought = goesOn;
      begin(goesOn);
    }
    goesOn.add(delta);
  }

  private void began(ReplyEvent.CallBegan began) {
    if (message != null || thought != null) {
      close(false);
    }
    Namespaced tool = form.namespaced().get(began.name());
    boolean freeform =
        context.request().tools().offered().stream()
            .anyMatch(each -> each instanceof Tool.Freeform && each.name().equals(began.name()));
    Called called =
        new Called(
            began.id(),
            tool == null ? began.name() : tool.name(),
            tool == null ? null : tool.namespace(),
            freeform);
    ResponsesCall call = new ResponsesCall(events, name(), items.size(), called);
    if (calls.putIfAbsent(began.call(), call) == null) {
      begin(call);
    }
  }

  private void cite(Citation citation) {
    if (message != null) {
      message.cite(citation);
    }
  }

  private String name() {
    return context.id() + "_" + items.size();
  }

  private void begin(ResponsesItem item) {
    begin();
    items.add(item);
    open.add(item);
    item.begin();
  }

  /** Closes what is open; the last item can have been cut short. */
  private void close(boolean cutShort) {
    for (ResponsesItem item : open) {
      item.end(cutShort && item == items.getLast());
    }
    open.clear();
    message = null;
    thought = null;
  }

  private Ending finish(FinishReason reason, MeasuredUsage usage) {
    Ending ending = Ending.of(reason, usage);
    begin();
    close(ending.status().equals("incomplete"));
    return ending;
  }

  /**
   * How an answer ended.
   *
   * @param incomplete why it is incomplete, if it is
   * @param error what failed, if something did
   */
  private record Ending(
      String status,
      @Nullable String incomplete,
      @Nullable String error,
      @Nullable MeasuredUsage usage) {

    static final Ending NOT_YET = new Ending("in_progress", null, null, null);

    static Ending failed(String error, @Nullable MeasuredUsage usage) {
      return new Ending("failed", null, error, usage);
    }

    static Ending of(FinishReason reason, MeasuredUsage usage) {
      return switch (reason) {
        case STOP, TOOL_CALLS, PAUSE -> new Ending("completed", null, null, usage);
        case LENGTH -> new Ending("incomplete", "max_output_tokens", null, usage);
        case CONTENT_FILTER -> new Ending("incomplete", "content_filter", null, usage);
        case MALFORMED_CALL ->
            failed("the model called a tool in a way that its provider could not read", usage);
      };
    }
  }

  private Consumer<JsonGenerator> response(Ending ending) {
    return json -> {
      json.writeName("response");
      write(ending, json);
    };
  }

  private void write(Ending ending, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("id", "resp_" + context.id());
    json.writeStringProperty("object", "response");
    json.writeNumberProperty("created_at", context.createdSeconds());
    json.writeStringProperty("status", ending.status());
    if (ending.error() == null) {
      json.writeNullProperty("error");
    } else {
      json.writeObjectPropertyStart("error");
      json.writeStringProperty("code", SERVER_ERROR);
      json.writeStringProperty("message", ending.error());
      json.writeEndObject();
    }
    if (ending.incomplete() == null) {
      json.writeNullProperty("incomplete_details");
    } else {
      json.writeObjectPropertyStart("incomplete_details");
      json.writeStringProperty("reason", ending.incomplete());
      json.writeEndObject();
    }
    json.writeStringProperty("model", model);
    json.writeArrayPropertyStart("output");
    items.stream().filter(item -> !item.open()).forEach(item -> item.write(json));
    json.writeEndArray();
    form.write(json);
    if (ending.usage() == null) {
      json.writeNullProperty("usage");
    } else {
      usage(ending.usage().tokens(), json);
    }
    json.writeEndObject();
  }

  private static void usage(TokenUsage tokens, JsonGenerator json) {
    json.writeObjectPropertyStart("usage");
    json.writeNumberProperty("input_tokens", tokens.promptTokens());
    json.writeObjectPropertyStart("input_tokens_details");
    json.writeNumberProperty("cached_tokens", tokens.cacheRead());
    json.writeNumberProperty("cache_write_tokens", tokens.cacheWrite5m() + tokens.cacheWrite1h());
    json.writeEndObject();
    json.writeNumberProperty("output_tokens", tokens.completionTokens());
    json.writeObjectPropertyStart("output_tokens_details");
    json.writeNumberProperty("reasoning_tokens", tokens.reasoning());
    json.writeEndObject();
    json.writeNumberProperty("total_tokens", tokens.promptTokens() + tokens.completionTokens());
    json.writeEndObject();
  }
}
