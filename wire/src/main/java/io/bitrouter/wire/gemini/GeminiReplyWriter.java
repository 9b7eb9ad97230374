package io.bitrouter.wire.gemini;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Part.Citation;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.exchange.Thinking;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.ReplyContext;
import io.bitrouter.wire.translate.ReplyWriter;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/**
 * Writes an answer as a stream of objects, each with what is new. Gemini has calls as a whole only:
 * they are held until something else is said or the answer ends.
 */
final class GeminiReplyWriter implements ReplyWriter {

  private final ReplyContext context;
  private final GeminiFraming framing;
  private final boolean thoughtsShown;
  private final Map<Integer, Candidate> candidates = new TreeMap<>();
  private String model;

  /** Writes into {@code framing}. */
  GeminiReplyWriter(ReplyContext context, GeminiFraming framing) {
    this.context = context;
    this.framing = framing;
    this.thoughtsShown = thoughtsShown(context);
    this.model = context.request().model();
  }

  /** Whether the client asked for thoughts. */
  static boolean thoughtsShown(ReplyContext context) {
    return context.request().thinking().filter(Thinking::shown).isPresent();
  }

  /** A candidate in the making. */
  private static final class Candidate {
    private final GeminiSources sources = new GeminiSources();
    private final Map<Integer, Call> calls = new TreeMap<>();

    /** Writes the calls that are held. */
    void release(JsonGenerator json) {
      calls
          .values()
          .forEach(call ->
              GeminiAnswer.call(
                  json, call.began().id(), call.began().name(), call.arguments().toString()));
      calls.clear();
    }
  }

  private record Call(ReplyEvent.CallBegan began, StringBuilder arguments) {}

  @Override
  public void write(ReplyEvent event, ByteArrayOutputStream out) {
    switch (event) {
      case ReplyEvent.Started(String unused, String named) ->
          model = named.isEmpty() ? model : named;
      case ReplyEvent.Text(int choice, String delta) -> text(choice, delta, out);
      case ReplyEvent.Refused(int choice, String delta) -> text(choice, delta, out);
      case ReplyEvent.Reasoned(int choice, String delta) -> thought(choice, delta, out);
      case ReplyEvent.CallBegan began -> {
        Candidate candidate = candidate(began.choice());
        candidate.sources.interrupted();
        candidate.calls.putIfAbsent(began.call(), new Call(began, new StringBuilder()));
      }
      case ReplyEvent.CallArguments(int choice, int index, String delta) -> {
        Call call = candidate(choice).calls.get(index);
        if (call != null) {
          call.arguments().append(delta);
        }
      }
      case ReplyEvent.Cited(int choice, Citation citation) ->
          candidate(choice).sources.add(citation);
      // A seal of another provider means nothing to the client; usage is told at the end.
      case ReplyEvent.Signed unused -> {}
      case ReplyEvent.Used unused -> {}
      case ReplyEvent.Finished unused -> {}
      case ReplyEvent.Failed unused -> {}
      case ReplyEvent.Ended unused -> {}
    }
  }

  private Candidate candidate(int choice) {
    return candidates.computeIfAbsent(choice, unused -> new Candidate());
  }

  private void text(int choice, String delta, ByteArrayOutputStream out) {
    if (!delta.isEmpty()) {
      candidate(choice).sources.text(delta);
      said(choice, delta, false, out);
    }
  }

  private void thought(int choice, String delta, ByteArrayOutputStream out) {
    candidate(choice).sources.interrupted();
    if (thoughtsShown && !delta.isEmpty()) {
      said(choice, delta, true, out);
    }
  }

  private void said(int choice, String delta, boolean thought, ByteArrayOutputStream out) {
    object(
        json -> {
          GeminiAnswer.beginCandidate(json);
          candidate(choice).release(json);
          GeminiAnswer.text(json, delta, thought);
          GeminiAnswer.endParts(json);
          json.writeNumberProperty("index", choice);
          json.writeEndObject();
        },
        json -> {},
        out);
  }

  @Override
  public void end(
      List<ReplyEvent.Finished> finished, MeasuredUsage usage, ByteArrayOutputStream out) {
    object(
        json -> finished.forEach(end -> end(end, json)),
        json -> GeminiAnswer.usage(json, usage.tokens()),
        out);
    framing.close(out);
  }

  private void end(ReplyEvent.Finished end, JsonGenerator json) {
    Candidate candidate = candidate(end.choice());
    GeminiAnswer.beginCandidate(json);
    if (candidate.calls.isEmpty()) {
      GeminiAnswer.text(json, "", false);
    }
    candidate.release(json);
    GeminiAnswer.endParts(json);
    json.writeStringProperty("finishReason", GeminiAnswer.word(end.reason()));
    json.writeNumberProperty("index", end.choice());
    candidate.sources.write(json);
    json.writeEndObject();
  }

  private void object(
      Consumer<JsonGenerator> content, Consumer<JsonGenerator> rest, ByteArrayOutputStream out) {
    byte[] object =
        Json.bytes(json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("candidates");
          content.accept(json);
          json.writeEndArray();
          rest.accept(json);
          GeminiAnswer.source(json, model, context.id());
          json.writeEndObject();
        });
    framing.add(object, out);
  }
}
