package io.bitrouter.wire.translate;

import io.bitrouter.core.exchange.FinishReason;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.InferenceRequest.AnswerFormat;
import io.bitrouter.core.exchange.InferenceRequest.Tool;
import io.bitrouter.core.exchange.InferenceRequest.ToolChoice;
import io.bitrouter.core.exchange.InferenceRequest.Tooling;
import io.bitrouter.core.exchange.JsonText;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An answer of a schema, from a model that cannot be given one: it is offered one more tool, of
 * that schema, and made to call it; the arguments are the answer. Tools of the client are offered
 * beside it, and then the model has to call one or the other; where the client itself demands a
 * call, it gets that, because the answer is yet to come. Immutable.
 */
final class AnswerTool {

  private static final String NAME = "answer";

  private static final String DESCRIPTION =
      "Gives the answer. To answer, call this and say nothing else: the arguments are the answer.";

  /** Most characters of text that wait for whether the answer follows. */
  private static final int MOST_HELD = 4_096;

  private final Optional<String> name;
  private final InferenceRequest sent;

  private AnswerTool(Optional<String> name, InferenceRequest sent) {
    this.name = name;
    this.sent = sent;
  }

  /**
   * Of {@code request}.
   *
   * @param schemas whether the model can be given a schema, so that nothing is to be done
   * @throws Untranslatable when the schema is not that of an object
   */
  static AnswerTool of(InferenceRequest request, boolean schemas, Notes notes) {
    if (schemas || !(request.format() instanceof AnswerFormat.JsonSchema format)) {
      return new AnswerTool(Optional.empty(), request);
    }
    notes.clamped("response_format");
    List<String> callable =
        request.tools().offered().stream()
            .filter(tool -> !(tool instanceof Tool.Provided))
            .map(Tool::name)
            .toList();
    boolean demanded =
        switch (request.tools().choice()) {
          case ToolChoice.Auto unused -> false;
          case ToolChoice.None unused -> false;
          case ToolChoice.Required unused -> !callable.isEmpty();
          case ToolChoice.Named(String tool) -> callable.contains(tool);
        };
    if (demanded) {
      return new AnswerTool(Optional.empty(), with(request, request.tools()));
    }
    String name = NAME;
    while (callable.contains(name)) {
      name += "_";
    }
    boolean alone = callable.isEmpty() || request.tools().choice() instanceof ToolChoice.None;
    List<Tool> offered = new ArrayList<>(request.tools().offered());
    offered.add(
        new Tool.Function(
            name,
            Optional.of(format.description().map(it -> DESCRIPTION + " " + it).orElse(DESCRIPTION)),
            ofAnObject(format.schema()),
            Optional.empty(),
            Optional.empty()));
    return new AnswerTool(
        Optional.of(name),
        with(
            request,
            new Tooling(
                offered,
                alone ? new ToolChoice.Named(name) : new ToolChoice.Required(),
                alone ? Optional.of(false) : request.tools().parallel())));
  }

  private static JsonText ofAnObject(JsonText schema) {
    byte[] text = schema.text().getBytes(StandardCharsets.UTF_8);
    if (!Json.tree(text, 0, text.length).path("type").stringValue("object").equals("object")) {
      throw new Untranslatable(
          "response_format",
          "must be the schema of an object: the model is given it as that of a tool's arguments");
    }
    return schema;
  }

  private static InferenceRequest with(InferenceRequest request, Tooling tools) {
    return new InferenceRequest(
        request.model(),
        request.streamed(),
        request.turns(),
        tools,
        request.sampling(),
        request.maxOutput(),
        request.thinking(),
        new AnswerFormat.Text(),
        request.choices(),
        request.user(),
        request.cacheKey(),
        request.unknown());
  }

  /** The request as the upstream gets it. */
  InferenceRequest sent() {
    return sent;
  }

  /** {@code reader} with the call of the tool as the answer's text. */
  ReplyReader unwrapping(ReplyReader reader) {
    return name.<ReplyReader>map(tool -> new Unwrapping(reader, tool)).orElse(reader);
  }

  /** How far a choice has come. */
  private static final class Choice {
    private final StringBuilder held = new StringBuilder();
    private int answer = -1;

    /** Numbers of the client's calls, by those that the upstream gives them. */
    private final Map<Integer, Integer> calls = new HashMap<>();

    boolean answers() {
      return answer >= 0;
    }
  }

  private static final class Unwrapping implements ReplyReader {
    private final ReplyReader reader;
    private final String tool;
    private final Map<Integer, Choice> choices = new HashMap<>();

    Unwrapping(ReplyReader reader, String tool) {
      this.reader = reader;
      this.tool = tool;
    }

    @Override
    public void read(SseEvent event, Consumer<ReplyEvent> out) {
      reader.read(event, it -> take(it, out));
    }

    @Override
    public void end(Consumer<ReplyEvent> out) {
      reader.end(it -> take(it, out));
    }

    private void take(ReplyEvent event, Consumer<ReplyEvent> out) {
      switch (event) {
        case ReplyEvent.Text text -> text(text, out);
        case ReplyEvent.CallBegan call -> began(call, out);
        case ReplyEvent.CallArguments more -> arguments(more, out);
        case ReplyEvent.Finished end -> {
          release(end.choice(), out);
          Choice choice = choice(end.choice());
          boolean done = choice.answers() && choice.calls.isEmpty();
          out.accept(
              done && end.reason() == FinishReason.TOOL_CALLS
                  ? new ReplyEvent.Finished(
                      end.choice(), FinishReason.STOP, end.stopSequence(), end.word())
                  : end);
        }
        case ReplyEvent.Refused it -> after(it.choice(), it, out);
        case ReplyEvent.Reasoned it -> after(it.choice(), it, out);
        case ReplyEvent.Signed it -> after(it.choice(), it, out);
        case ReplyEvent.Cited it -> after(it.choice(), it, out);
        case ReplyEvent.Started it -> out.accept(it);
        case ReplyEvent.Used it -> out.accept(it);
        case ReplyEvent.Failed it -> out.accept(it);
        case ReplyEvent.Ended it -> out.accept(it);
      }
    }

    /** What is said beside the answer would spoil it. */
    private void text(ReplyEvent.Text text, Consumer<ReplyEvent> out) {
      Choice choice = choice(text.choice());
      if (!choice.calls.isEmpty()) {
        out.accept(text);
      } else if (!choice.answers()) {
        choice.held.append(text.delta());
        if (choice.held.length() > MOST_HELD) {
          release(text.choice(), out);
        }
      }
    }

    private void began(ReplyEvent.CallBegan call, Consumer<ReplyEvent> out) {
      Choice choice = choice(call.choice());
      if (!call.name().equals(tool)) {
        release(call.choice(), out);
        int number = choice.calls.size();
        choice.calls.put(call.call(), number);
        out.accept(
            new ReplyEvent.CallBegan(
                call.choice(), number, call.id(), call.name(), call.signature()));
      } else if (!choice.answers()) {
        choice.answer = call.call();
        choice.held.setLength(0);
      }
    }

    /** An answer beside calls is premature: what it says after they began is left out. */
    private void arguments(ReplyEvent.CallArguments more, Consumer<ReplyEvent> out) {
      Choice choice = choice(more.choice());
      Integer number = choice.calls.get(more.call());
      if (number != null) {
        out.accept(new ReplyEvent.CallArguments(more.choice(), number, more.delta()));
      } else if (more.call() == choice.answer && choice.calls.isEmpty()) {
        out.accept(new ReplyEvent.Text(more.choice(), more.delta()));
      }
    }

    private void after(int choice, ReplyEvent event, Consumer<ReplyEvent> out) {
      release(choice, out);
      out.accept(event);
    }

    private void release(int index, Consumer<ReplyEvent> out) {
      StringBuilder held = choice(index).held;
      if (!held.isEmpty()) {
        out.accept(new ReplyEvent.Text(index, held.toString()));
        held.setLength(0);
      }
    }

    private Choice choice(int index) {
      return choices.computeIfAbsent(index, unused -> new Choice());
    }
  }
}
