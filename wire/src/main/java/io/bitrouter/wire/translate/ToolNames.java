package io.bitrouter.wire.translate;

import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.InferenceRequest.Tool;
import io.bitrouter.core.exchange.InferenceRequest.ToolChoice;
import io.bitrouter.core.exchange.InferenceRequest.Tooling;
import io.bitrouter.core.exchange.InferenceRequest.Turn;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.wire.sse.SseEvent;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Names of one request's tools as the upstream takes them. A name that it would refuse is given
 * another, which depends on the name alone so that later requests of the conversation say the same;
 * no two tools get the same one, and calls in the answer have the client's names again. Immutable.
 */
final class ToolNames {

  private final Map<String, String> sent;
  private final Map<String, String> original;

  private ToolNames(Map<String, String> sent, Map<String, String> original) {
    this.sent = sent;
    this.original = original;
  }

  /**
   * Of all tools and calls in {@code request}, for an upstream that takes names of {@code rule}.
   */
  static ToolNames of(InferenceRequest request, NameRule rule) {
    Map<String, String> sent = new HashMap<>();
    Map<String, String> original = new HashMap<>();
    Set<String> names = names(request);
    for (String name : names) {
      if (!rule.takes(name)) {
        String other = rule.near(name, name);
        for (int i = 1; names.contains(other) || original.containsKey(other); i++) {
          other = rule.near(name, name + " " + i);
        }
        sent.put(name, other);
        original.put(other, name);
      }
    }
    return new ToolNames(sent, original);
  }

  private static Set<String> names(InferenceRequest request) {
    Set<String> names = new LinkedHashSet<>();
    for (Tool tool : request.tools().offered()) {
      if (!(tool instanceof Tool.Provided)) {
        names.add(tool.name());
      }
    }
    for (Turn turn : request.turns()) {
      for (Part part : turn.parts()) {
        if (part instanceof Part.ToolCall call) {
          names.add(call.name());
        }
      }
    }
    return names;
  }

  /** The request with names that the upstream takes. */
  InferenceRequest sent(InferenceRequest request) {
    if (sent.isEmpty()) {
      return request;
    }
    Tooling tools = request.tools();
    return new InferenceRequest(
        request.model(),
        request.streamed(),
        request.turns().stream().map(this::sent).toList(),
        new Tooling(
            tools.offered().stream().map(this::sent).toList(),
            tools.choice() instanceof ToolChoice.Named(String tool)
                ? new ToolChoice.Named(sent(tool))
                : tools.choice(),
            tools.parallel()),
        request.sampling(),
        request.maxOutput(),
        request.thinking(),
        request.format(),
        request.choices(),
        request.user(),
        request.cacheKey(),
        request.unknown());
  }

  private String sent(String name) {
    return sent.getOrDefault(name, name);
  }

  private Tool sent(Tool tool) {
    return switch (tool) {
      case Tool.Function it ->
          new Tool.Function(
              sent(it.name()), it.description(), it.schema(), it.strict(), it.cache());
      case Tool.Freeform it -> new Tool.Freeform(sent(it.name()), it.description());
      case Tool.Provided it -> it;
    };
  }

  private Turn sent(Turn turn) {
    return new Turn(turn.role(), turn.parts().stream().map(this::sent).toList());
  }

  private Part sent(Part part) {
    return switch (part) {
      case Part.ToolCall it ->
          new Part.ToolCall(
              it.id(), sent(it.name()), it.arguments(), it.freeform(), it.signature());
      case Part.ToolResult it ->
          new Part.ToolResult(
              it.callId(), it.name().map(this::sent), it.content(), it.error(), it.cache());
      case Part.Text it -> it;
      case Part.Refused it -> it;
      case Part.Attached it -> it;
      case Part.Reasoning it -> it;
    };
  }

  /** {@code reader} with the client's names in calls. */
  ReplyReader restoring(ReplyReader reader) {
    return original.isEmpty() ? reader : new Restoring(reader);
  }

  private final class Restoring implements ReplyReader {
    private final ReplyReader reader;

    Restoring(ReplyReader reader) {
      this.reader = reader;
    }

    @Override
    public void read(SseEvent event, Consumer<ReplyEvent> out) {
      reader.read(event, restoring(out));
    }

    @Override
    public void end(Consumer<ReplyEvent> out) {
      reader.end(restoring(out));
    }

    private Consumer<ReplyEvent> restoring(Consumer<ReplyEvent> out) {
      return event -> out.accept(restored(event));
    }

    private ReplyEvent restored(ReplyEvent event) {
      return event
              instanceof
              ReplyEvent.CallBegan(
                  int choice,
                  int call,
                  String id,
                  String name,
                  Optional<Signature> signature)
          ? new ReplyEvent.CallBegan(choice, call, id, original.getOrDefault(name, name), signature)
          : event;
    }
  }
}
