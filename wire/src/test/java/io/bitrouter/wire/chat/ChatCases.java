package io.bitrouter.wire.chat;

import io.bitrouter.core.exchange.CacheMark;
import io.bitrouter.core.exchange.FinishReason;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.InferenceRequest.AnswerFormat;
import io.bitrouter.core.exchange.InferenceRequest.Role;
import io.bitrouter.core.exchange.InferenceRequest.Sampling;
import io.bitrouter.core.exchange.InferenceRequest.Tool;
import io.bitrouter.core.exchange.InferenceRequest.ToolChoice;
import io.bitrouter.core.exchange.InferenceRequest.Tooling;
import io.bitrouter.core.exchange.InferenceRequest.Turn;
import io.bitrouter.core.exchange.JsonText;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Media;
import io.bitrouter.core.exchange.Media.Kind;
import io.bitrouter.core.exchange.Media.Source;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Part.Citation;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.Reply;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.core.exchange.Thinking;
import io.bitrouter.core.exchange.Thinking.Effort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Canonical requests and answers that {@link ChatTranslationTest} has written. */
final class ChatCases {

  private static final Signature SEAL = new Signature(Protocol.CHAT, "reasoning_content");
  private static final Signature FOREIGN = new Signature(Protocol.MESSAGES, "sealed");
  private static final Citation SOURCE = new Citation("https://a/b", "A", 0, 5);

  private static final Tool WEATHER =
      new Tool.Function(
          "weather",
          Optional.of("Says the weather"),
          new JsonText("{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}"),
          Optional.of(true),
          Optional.of(CacheMark.ONE_HOUR));

  private static final Tool PATCH = new Tool.Freeform("patch", Optional.of("Patches"));

  private static final Turn HELLO = user(Part.Text.of("Hello"));

  static final Map<String, InferenceRequest> REQUESTS =
      Map.ofEntries(
          Map.entry("plain", request().with(HELLO)),
          Map.entry(
              "system-in-place",
              request()
                  .with(
                      new Turn(Role.SYSTEM, List.of(cached("You help."), Part.Text.of("Well."))),
                      HELLO,
                      new Turn(Role.SYSTEM, List.of(Part.Text.of("Rhyme."))),
                      user(Part.Text.of("One"), Part.Text.of("two")))),
          Map.entry(
              "case-01-results-in-order",
              request()
                  .with(
                      HELLO,
                      assistant(Part.Text.of("Both."), call("c1", "{\"a\":1}"), call("c2", "{}")),
                      user(
                          Part.Text.of("And?"),
                          result("c2", false, Part.Text.of("rain")),
                          result("c1", false, Part.Text.of("sun"), Part.Text.of("hot"))))),
          Map.entry(
              "case-01-results-before-instructions",
              request()
                  .with(
                      HELLO,
                      assistant(call("c1", "{}"), call("c2", "{}")),
                      user(Part.Text.of("Wait."), result("c2", false)),
                      new Turn(Role.SYSTEM, List.of(Part.Text.of("Be brief."))),
                      user(result("c1", false, Part.Text.of("sun")), Part.Text.of("And?")),
                      assistant(new Part.Reasoning("Foreign.", Optional.of(FOREIGN), false)),
                      user(Part.Text.of("Well?")))),
          Map.entry(
              "case-06-arguments",
              request()
                  .with(
                      HELLO,
                      assistant(
                          call("c1", ""),
                          call("c2", "{\"city\":"),
                          new Part.ToolCall("c3", "patch", "*** \"a\"", true, Optional.empty())))),
          Map.entry(
              "case-07-thoughts",
              request()
                  .with(
                      HELLO,
                      assistant(
                          new Part.Reasoning("Hm. ", Optional.of(SEAL), false),
                          new Part.Reasoning("Foreign.", Optional.of(FOREIGN), false),
                          call("c1", "{}")))),
          Map.entry(
              "case-08-extra-content",
              request()
                  .with(
                      HELLO,
                      assistant(
                          new Part.ToolCall(
                              "c1",
                              "weather",
                              "{}",
                              false,
                              Optional.of(
                                  new Signature(
                                      Protocol.CHAT,
                                      "{\"google\":{\"thought_signature\":\"s\"}}"))),
                          new Part.ToolCall("c2", "weather", "{}", false, Optional.of(FOREIGN))))),
          Map.entry(
              "case-10-error",
              request()
                  .with(
                      assistant(call("c1", "{}")),
                      user(result("c1", true, Part.Text.of("no such city"))))),
          Map.entry(
              "case-11-images-in-results",
              request()
                  .with(
                      assistant(call("c1", "{}"), call("c2", "{}")),
                      user(
                          result("c1", false, image(new Source.Inline("AA=="))),
                          result(
                              "c2",
                              false,
                              Part.Text.of("seen"),
                              image(new Source.Remote("https://a/i.png", "image"))),
                          Part.Text.of("Which?")))),
          Map.entry("case-20-clamps", request().sampled(sampling(9, 5))),
          Map.entry("case-23-choices", request().choices(3)),
          Map.entry("sampling", request().sampled(sampling(0.5, 2))),
          Map.entry("media", request().with(user(media()))),
          Map.entry(
              "media-remote-document",
              request()
                  .with(
                      user(
                          attached(
                              Kind.DOCUMENT,
                              new Source.Remote("https://a/b.pdf", "file.url"),
                              "application/pdf")))),
          Map.entry(
              "media-of-the-model",
              request().with(HELLO, assistant(image(new Source.Inline("AA=="))))),
          Map.entry("refusal", request().with(HELLO, assistant(new Part.Refused("No.")))),
          Map.entry("tools", request().tools(new ToolChoice.Required(), Optional.of(false))),
          Map.entry(
              "tools-named", request().tools(new ToolChoice.Named("patch"), Optional.empty())),
          Map.entry(
              "tools-provided",
              request().tools(new ToolChoice.Named("web_search"), Optional.empty())),
          Map.entry("output", request().thinking(Thinking.of(Effort.XHIGH, true))),
          Map.entry("output-gpt-5", request().thinking(Thinking.of(Effort.NONE, false))),
          Map.entry("thinking-tokens", request().thinking(Thinking.ofTokens(31_999, true))),
          Map.entry("thinking-few-tokens", request().thinking(Thinking.ofTokens(3_000, true))),
          Map.entry("format-object", request().format(new AnswerFormat.JsonObject())),
          Map.entry(
              "format-schema",
              request()
                  .format(
                      new AnswerFormat.JsonSchema(
                          "answer",
                          Optional.of("An answer"),
                          new JsonText("{\"type\":\"object\"}"),
                          Optional.of(true)))));

  /** An answer to a request: its events, and the parts they come to. */
  record Answer(
      InferenceRequest asked,
      boolean usageAsked,
      List<ReplyEvent> events,
      List<List<Part>> parts,
      FinishReason reason) {

    List<ReplyEvent.Finished> ends() {
      return IntStream.range(0, parts.size())
          .mapToObj(i -> new ReplyEvent.Finished(i, reason, Optional.empty(), "word"))
          .toList();
    }

    Reply whole(MeasuredUsage usage) {
      return new Reply(
          asked.model(),
          parts.stream().map(it -> new Reply.Choice(it, reason, Optional.empty())).toList(),
          usage);
    }
  }

  static final Map<String, Answer> ANSWERS =
      Map.ofEntries(
          Map.entry(
              "text",
              new Answer(
                  request().with(HELLO),
                  true,
                  List.of(
                      new ReplyEvent.Started("up-1", "up-model"),
                      new ReplyEvent.Text(0, "Grüß \""),
                      new ReplyEvent.Text(0, "dich\" 🙂")),
                  List.of(List.of(Part.Text.of("Grüß \"dich\" 🙂"))),
                  FinishReason.STOP)),
          Map.entry(
              "usage-not-asked",
              answer(
                  FinishReason.LENGTH, List.of(Part.Text.of("Hi")), new ReplyEvent.Text(0, "Hi"))),
          Map.entry("nothing", answer(FinishReason.PAUSE, List.of())),
          Map.entry(
              "case-04-interleaved-calls",
              answer(
                  FinishReason.TOOL_CALLS,
                  List.of(Part.Text.of("So:"), call("c1", "{\"a\":1}"), call("c2", "")),
                  new ReplyEvent.Started("", ""),
                  new ReplyEvent.Text(0, "So:"),
                  new ReplyEvent.CallBegan(0, 0, "c1", "weather", Optional.empty()),
                  new ReplyEvent.CallArguments(0, 0, "{\"a\""),
                  new ReplyEvent.CallBegan(0, 1, "c2", "weather", Optional.of(FOREIGN)),
                  new ReplyEvent.CallArguments(0, 0, ":1}"))),
          Map.entry(
              "freeform",
              new Answer(
                  request().tools(new ToolChoice.Auto(), Optional.empty()),
                  false,
                  List.of(
                      new ReplyEvent.CallBegan(0, 0, "c1", "patch", Optional.empty()),
                      new ReplyEvent.CallArguments(0, 0, "{\"input\":\"a"),
                      new ReplyEvent.CallBegan(0, 1, "c2", "patch", Optional.empty()),
                      new ReplyEvent.CallArguments(0, 1, "plain"),
                      new ReplyEvent.CallArguments(0, 0, "\\nb\"}")),
                  List.of(
                      List.of(
                          new Part.ToolCall(
                              "c1", "patch", "{\"input\":\"a\\nb\"}", false, Optional.empty()),
                          new Part.ToolCall("c2", "patch", "plain", false, Optional.empty()))),
                  FinishReason.TOOL_CALLS)),
          Map.entry(
              "case-07-thought",
              answer(
                  FinishReason.STOP,
                  List.of(
                      new Part.Reasoning("Hm, so.", Optional.of(FOREIGN), false),
                      Part.Text.of("Yes.")),
                  new ReplyEvent.Reasoned(0, "Hm,"),
                  new ReplyEvent.Reasoned(0, " so."),
                  new ReplyEvent.Signed(0, FOREIGN, false),
                  new ReplyEvent.Text(0, "Yes."))),
          Map.entry(
              "refused",
              answer(
                  FinishReason.CONTENT_FILTER,
                  List.of(new Part.Refused("I won't.")),
                  new ReplyEvent.Refused(0, "I "),
                  new ReplyEvent.Refused(0, "won't."))),
          Map.entry(
              "cited",
              answer(
                  FinishReason.STOP,
                  List.of(
                      Part.Text.of("One."),
                      new Part.Reasoning("Hm.", Optional.empty(), false),
                      new Part.Text("Two, three.", List.of(SOURCE), Optional.empty())),
                  new ReplyEvent.Text(0, "One."),
                  new ReplyEvent.Reasoned(0, "Hm."),
                  new ReplyEvent.Text(0, "Two,"),
                  new ReplyEvent.Text(0, " three."),
                  new ReplyEvent.Cited(0, SOURCE))),
          Map.entry(
              "case-23-choices",
              new Answer(
                  request().choices(2),
                  true,
                  List.of(
                      new ReplyEvent.Started("", "up"),
                      new ReplyEvent.Text(1, "b"),
                      new ReplyEvent.Text(0, "a")),
                  List.of(List.of(Part.Text.of("a")), List.of(Part.Text.of("b"))),
                  FinishReason.STOP)));

  private ChatCases() {}

  /** A request, varied in one thing. */
  private record Variation(InferenceRequest plain) {

    InferenceRequest with(Turn... turns) {
      return new InferenceRequest(
          "m",
          true,
          List.of(turns),
          Tooling.NONE,
          Sampling.DEFAULT,
          OptionalLong.empty(),
          Optional.empty(),
          new AnswerFormat.Text(),
          1,
          Optional.empty(),
          Optional.empty(),
          List.of());
    }

    InferenceRequest tools(ToolChoice choice, Optional<Boolean> parallel) {
      List<Tool> tools = List.of(WEATHER, new Tool.Provided("web_search"), PATCH);
      return of(new Tooling(tools, choice, parallel), plain.sampling(), plain.format());
    }

    InferenceRequest sampled(Sampling sampling) {
      return of(plain.tools(), sampling, plain.format());
    }

    InferenceRequest format(AnswerFormat format) {
      return of(plain.tools(), plain.sampling(), format);
    }

    private InferenceRequest of(Tooling tools, Sampling sampling, AnswerFormat format) {
      return new InferenceRequest(
          "m",
          true,
          plain.turns(),
          tools,
          sampling,
          OptionalLong.empty(),
          Optional.empty(),
          format,
          1,
          Optional.of("<ann>"),
          Optional.empty(),
          List.of());
    }

    InferenceRequest thinking(Thinking thinking) {
      return last(OptionalLong.of(900), Optional.of(thinking), 1);
    }

    InferenceRequest choices(int choices) {
      return last(OptionalLong.empty(), Optional.empty(), choices);
    }

    private InferenceRequest last(OptionalLong output, Optional<Thinking> thinking, int choices) {
      return new InferenceRequest(
          "m",
          true,
          plain.turns(),
          plain.tools(),
          plain.sampling(),
          output,
          thinking,
          plain.format(),
          choices,
          Optional.empty(),
          Optional.empty(),
          List.of());
    }
  }

  private static Variation request() {
    return new Variation(
        new InferenceRequest(
            "m",
            true,
            List.of(HELLO),
            Tooling.NONE,
            Sampling.DEFAULT,
            OptionalLong.empty(),
            Optional.empty(),
            new AnswerFormat.Text(),
            1,
            Optional.empty(),
            Optional.empty(),
            List.of()));
  }

  private static Sampling sampling(double temperature, int stops) {
    return new Sampling(
        Optional.of(temperature),
        Optional.of(0.25),
        OptionalLong.of(40),
        OptionalLong.of(-7),
        Optional.of(-temperature),
        Optional.of(0.0),
        IntStream.range(0, stops).mapToObj(i -> "s" + i).toList());
  }

  private static Answer answer(FinishReason reason, List<Part> parts, ReplyEvent... events) {
    return new Answer(request().with(HELLO), false, List.of(events), List.of(parts), reason);
  }

  private static Turn user(Part... parts) {
    return new Turn(Role.USER, List.of(parts));
  }

  private static Turn assistant(Part... parts) {
    return new Turn(Role.ASSISTANT, List.of(parts));
  }

  private static Part call(String id, String arguments) {
    return new Part.ToolCall(id, "weather", arguments, false, Optional.empty());
  }

  private static Part result(String id, boolean error, Part... content) {
    return new Part.ToolResult(
        id, Optional.of("weather"), List.of(content), error, Optional.empty());
  }

  private static Part cached(String text) {
    return new Part.Text(text, List.of(), Optional.of(CacheMark.FIVE_MINUTES));
  }

  private static Part image(Source source) {
    return attached(Kind.IMAGE, source, "image/png");
  }

  private static Part attached(Kind kind, Source source, String type) {
    return new Part.Attached(
        new Media(kind, source, type, Optional.empty(), Optional.empty()), Optional.empty());
  }

  private static Part[] media() {
    return new Part[] {
      Part.Text.of("Look:"),
      new Part.Attached(
          new Media(
              Kind.IMAGE,
              new Source.Inline("AA=="),
              "image/png",
              Optional.empty(),
              Optional.of("low")),
          Optional.of(CacheMark.FIVE_MINUTES)),
      attached(Kind.AUDIO, new Source.Inline("AB=="), "audio/mpeg"),
      attached(Kind.AUDIO, new Source.Inline("AC=="), "audio/x-wav"),
      attached(Kind.DOCUMENT, new Source.Inline("AD=="), "application/pdf"),
      new Part.Attached(
          new Media(
              Kind.DOCUMENT,
              new Source.PlainText("Once."),
              "text/plain",
              Optional.of("tale"),
              Optional.empty()),
          Optional.empty())
    };
  }
}
