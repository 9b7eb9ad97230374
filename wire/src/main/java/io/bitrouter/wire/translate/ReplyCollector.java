package io.bitrouter.wire.translate;

import io.bitrouter.core.exchange.FinishReason;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Part.Citation;
import io.bitrouter.core.exchange.Reply;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.exchange.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Puts a whole answer together from its events, or of one that is streamed what the gateway keeps:
 * which calls there were, what was thought before them, and their seals. Not thread-safe.
 */
final class ReplyCollector {

  private final Map<Integer, Choice> choices = new TreeMap<>();
  private final boolean all;
  private String model = "";

  private ReplyCollector(boolean all) {
    this.all = all;
  }

  /** One that keeps all. */
  static ReplyCollector ofAll() {
    return new ReplyCollector(true);
  }

  /** One whose texts, refusals and arguments of calls are empty: a stream can be long. */
  static ReplyCollector ofSeals() {
    return new ReplyCollector(false);
  }

  /** Adds what {@code event} says of an answer's content and model; the rest says nothing to it. */
  void add(ReplyEvent event) {
    switch (event) {
      case ReplyEvent.Text(int choice, String delta) -> choice(choice).text(Kind.TEXT, kept(delta));
      case ReplyEvent.Refused(int choice, String delta) ->
          choice(choice).text(Kind.REFUSAL, kept(delta));
      case ReplyEvent.Reasoned(int choice, String delta) ->
          choice(choice).text(Kind.REASONING, delta);
      case ReplyEvent.Signed(int choice, Signature signature, boolean redacted) ->
          choice(choice).signed(signature, redacted);
      case ReplyEvent.CallBegan began -> choice(began.choice()).began(began);
      case ReplyEvent.CallArguments(int choice, int call, String delta) ->
          choice(choice).arguments(call, kept(delta));
      case ReplyEvent.Cited(int choice, Citation citation) -> choice(choice).cited(citation);
      case ReplyEvent.Started started -> model = started.model();
      case ReplyEvent.Finished unused -> {}
      case ReplyEvent.Used unused -> {}
      case ReplyEvent.Failed unused -> {}
      case ReplyEvent.Ended unused -> {}
    }
  }

  private String kept(String delta) {
    return all ? delta : "";
  }

  /** Whether the model called a tool in the choice. */
  boolean called(int choice) {
    Choice found = choices.get(choice);
    return found != null && !found.calls.isEmpty();
  }

  /** The parts of a choice so far. */
  List<Part> parts(int choice) {
    return choices.containsKey(choice) ? choice(choice).parts() : List.of();
  }

  /** The answer to a request for the model {@code asked}, which ended as {@code finished} says. */
  Reply reply(String asked, List<ReplyEvent.Finished> finished, MeasuredUsage usage) {
    List<Reply.Choice> whole = new ArrayList<>();
    for (ReplyEvent.Finished end : finished) {
      whole.add(new Reply.Choice(parts(end.choice()), end.reason(), end.stopSequence()));
    }
    return new Reply(model.isEmpty() ? asked : model, whole, usage);
  }

  private Choice choice(int index) {
    return choices.computeIfAbsent(index, unused -> new Choice());
  }

  private enum Kind {
    TEXT,
    REFUSAL,
    REASONING
  }

  /** A part in the making. */
  private sealed interface Piece {
    Part part();
  }

  /** A run of text, refusal or thought. */
  private static final class Run implements Piece {
    private final Kind kind;
    private final StringBuilder text = new StringBuilder();
    private final List<Citation> citations = new ArrayList<>();
    private Optional<Signature> signature = Optional.empty();
    private boolean redacted;

    Run(Kind kind) {
      this.kind = kind;
    }

    @Override
    public Part part() {
      return switch (kind) {
        case TEXT -> new Part.Text(text.toString(), List.copyOf(citations), Optional.empty());
        case REFUSAL -> new Part.Refused(text.toString());
        case REASONING -> new Part.Reasoning(text.toString(), signature, redacted);
      };
    }
  }

  private record Call(ReplyEvent.CallBegan began, StringBuilder arguments) implements Piece {
    @Override
    public Part part() {
      return new Part.ToolCall(
          began.id(), began.name(), arguments.toString(), false, began.signature());
    }
  }

  /** One choice in the making. */
  private static final class Choice {
    private final List<Piece> order = new ArrayList<>();
    private final Map<Integer, Call> calls = new TreeMap<>();

    void text(Kind kind, String delta) {
      run(kind).text.append(delta);
    }

    void cited(Citation citation) {
      run(Kind.TEXT).citations.add(citation);
    }

    void signed(Signature signature, boolean redacted) {
      Run run = redacted ? open(Kind.REASONING) : run(Kind.REASONING);
      run.signature = Optional.of(signature);
      run.redacted = redacted;
    }

    void began(ReplyEvent.CallBegan began) {
      Call call = new Call(began, new StringBuilder());
      if (calls.putIfAbsent(began.call(), call) == null) {
        order.add(call);
      }
    }

    void arguments(int index, String delta) {
      Call call = calls.get(index);
      if (call != null) {
        call.arguments.append(delta);
      }
    }

    List<Part> parts() {
      return order.stream().map(Piece::part).toList();
    }

    /** The run that goes on: the last thing said, if it is of the kind and not sealed. */
    private Run run(Kind kind) {
      return !order.isEmpty()
              && order.getLast() instanceof Run run
              && run.kind == kind
              && run.signature.isEmpty()
          ? run
          : open(kind);
    }

    private Run open(Kind kind) {
      Run run = new Run(kind);
      order.add(run);
      return run;
    }
  }

  /** The reason as the client is to know it: a turn that calls a tool waits for its result. */
  static FinishReason reason(FinishReason said, boolean called) {
    return said == FinishReason.STOP && called ? FinishReason.TOOL_CALLS : said;
  }
}
