package io.bitrouter.wire.gemini;

import io.bitrouter.core.exchange.FinishReason;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.wire.error.UpstreamFault;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import io.bitrouter.wire.translate.ReplyReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;

/**
 * Reads the objects of one stream. There is no terminal event: the answer is complete when the
 * stream ends and every candidate that began has its reason for ending.
 */
final class GeminiReplyReader implements ReplyReader {

  private final String callIdPrefix;
  private final GeminiUsage usage = new GeminiUsage();
  private final GeminiDelta delta = new GeminiDelta(usage);
  private final Map<Integer, Integer> calls = new HashMap<>();
  private final Set<Integer> open = new HashSet<>();
  private final Set<Integer> finished = new HashSet<>();
  private boolean started;

  GeminiReplyReader(String callIdPrefix) {
    this.callIdPrefix = callIdPrefix;
  }

  @Override
  public void read(SseEvent event, Consumer<ReplyEvent> out) {
    if (started && delta.read(event.data(), event.dataFrom(), event.dataLength())) {
      delta(out);
      return;
    }
    JsonNode json;
    try {
      json = Json.tree(event.data(), event.dataFrom(), event.dataLength());
    } catch (JacksonException | IllegalStateException e) {
      return;
    }
    if (json.hasNonNull("error")) {
      UpstreamFault fault = UpstreamFault.read(event.data(), event.dataFrom(), event.dataLength());
      out.accept(
          new ReplyEvent.Failed(
              fault.message().orElse("the upstream reported an error without an explanation")));
      return;
    }
    if (!json.isObject()) {
      return;
    }
    if (!started) {
      started = true;
      out.accept(
          new ReplyEvent.Started(
              json.path("responseId").stringValue(""), json.path("modelVersion").stringValue("")));
    }
    if (json.has("usageMetadata")) {
      usage(event, out);
    }
    String blocked = json.path("promptFeedback").path("blockReason").stringValue("");
    if (!blocked.isEmpty()) {
      finish(0, FinishReason.CONTENT_FILTER, blocked, out);
    }
    for (JsonNode candidate : json.path("candidates")) {
      candidate(candidate, out);
    }
  }

  private void delta(Consumer<ReplyEvent> out) {
    if (delta.used()) {
      used(out);
    }
    open.add(delta.index());
    said(delta.index(), delta.text(), delta.thought(), out);
  }

  private void usage(SseEvent event, Consumer<ReplyEvent> out) {
    boolean unused =
        Json.object(event.data(), event.dataFrom(), event.dataLength(), this::usageMember);
    used(out);
  }

  private void used(Consumer<ReplyEvent> out) {
    usage.measured().ifPresent(figures -> out.accept(new ReplyEvent.Used(figures)));
  }

  private void usageMember(String name, JsonParser json) {
    if (name.equals("usageMetadata")) {
      usage.read(json);
    }
  }

  private void candidate(JsonNode candidate, Consumer<ReplyEvent> out) {
    int index = Math.max(0, candidate.path("index").intValue(0));
    open.add(index);
    for (JsonNode part : candidate.path("content").path("parts")) {
      part(index, part, out);
    }
    String word = candidate.path("finishReason").stringValue("");
    if (!word.isEmpty()) {
      finish(index, reason(word), word, out);
    }
  }

  private void part(int choice, JsonNode part, Consumer<ReplyEvent> out) {
    Optional<Signature> seal =
        part.path("thoughtSignature")
            .stringValueOpt()
            .filter(value -> !value.isEmpty())
            .map(value -> new Signature(Protocol.GEMINI, value));
    String text = part.path("text").stringValue("");
    if (part.path("functionCall").isObject()) {
      call(choice, part.path("functionCall"), seal, out);
      return;
    }
    boolean thought = part.path("thought").booleanValue(false);
    said(choice, text, thought, out);
    if (thought) {
      // A seal on a text does not have to be sent back.
      seal.ifPresent(it -> out.accept(new ReplyEvent.Signed(choice, it, false)));
    }
  }

  private static void said(int choice, String text, boolean thought, Consumer<ReplyEvent> out) {
    if (!text.isEmpty()) {
      out.accept(
          thought ? new ReplyEvent.Reasoned(choice, text) : new ReplyEvent.Text(choice, text));
    }
  }

  private void call(
      int choice, JsonNode function, Optional<Signature> seal, Consumer<ReplyEvent> out) {
    int call = calls.merge(choice, 1, Integer::sum) - 1;
    String given = function.path("id").stringValue("");
    String made = callIdPrefix + (choice == 0 ? "" : choice + "_") + call;
    out.accept(
        new ReplyEvent.CallBegan(
            choice,
            call,
            given.isEmpty() ? made : given,
            function.path("name").stringValue(""),
            seal));
    JsonNode args = function.path("args");
    out.accept(
        new ReplyEvent.CallArguments(choice, call, args.isObject() ? Json.text(args) : "{}"));
  }

  private void finish(int choice, FinishReason reason, String word, Consumer<ReplyEvent> out) {
    open.add(choice);
    if (finished.add(choice)) {
      out.accept(new ReplyEvent.Finished(choice, reason, Optional.empty(), word));
    }
  }

  private static FinishReason reason(String word) {
    return switch (word) {
      case "STOP", "FINISH_REASON_UNSPECIFIED" -> FinishReason.STOP;
      case "MAX_TOKENS" -> FinishReason.LENGTH;
      case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL" -> FinishReason.MALFORMED_CALL;
      // SAFETY, RECITATION, BLOCKLIST, … and what is not known: the provider would not go on.
      default -> FinishReason.CONTENT_FILTER;
    };
  }

  @Override
  public void end(Consumer<ReplyEvent> out) {
    if (!finished.isEmpty() && finished.equals(open)) {
      out.accept(new ReplyEvent.Ended());
    }
  }
}
