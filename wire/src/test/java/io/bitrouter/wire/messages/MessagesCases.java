package io.bitrouter.wire.messages;

import io.bitrouter.core.catalog.Abilities;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.ModelId;
import io.bitrouter.core.catalog.ProviderId;
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
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.Reply;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.core.exchange.Thinking;
import io.bitrouter.core.exchange.Thinking.Effort;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Canonical requests and answers that {@link MessagesTranslationTest} has written. */
final class MessagesCases {

  /** A request to a model. */
  record Request(InferenceRequest request, Model model) {}

  /** An answer to a request: its events, and the same put together. */
  record Answer(
      InferenceRequest asked, List<ReplyEvent> events, Reply.Choice whole, MeasuredUsage usage) {}

  private static final MeasuredUsage USED =
      new MeasuredUsage(new TokenUsage(6, 3, 1, 2, 5, 2), UsageOrigin.REPORTED);

  private static final Tool WEATHER =
      new Tool.Function(
          "weather",
          Optional.of("Says the weather"),
          new JsonText("{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}"),
          Optional.of(true),
          Optional.of(CacheMark.ONE_HOUR));

  private static final Turn HELLO = user(Part.Text.of("Hello"));

  static final Map<String, Request> REQUESTS =
      Map.ofEntries(
          Map.entry("plain", of(plain(HELLO))),
          Map.entry(
              "case-01-results-first",
              of(
                  plain(
                      HELLO,
                      assistant(call("c1", "{}"), call("c2", "{}")),
                      new Turn(Role.SYSTEM, List.of(Part.Text.of("Be brief."))),
                      user(
                          Part.Text.of("Both?"),
                          result("c1", false, Part.Text.of("sunny")),
                          result("c2", true, Part.Text.of("no such city")))))),
          Map.entry(
              "case-06-arguments",
              of(
                  plain(
                      HELLO,
                      assistant(
                          call("c1", ""),
                          call("c2", "{\"city\":"),
                          call("c3", "[1]"),
                          call("c4", " {\"a\":\"\\ud83d\"}"),
                          new Part.ToolCall("c5", "patch", "*** Begin", true, Optional.empty()))))),
          Map.entry("case-06-ids", of(plain(HELLO, assistant(call("functions.w:0", "{}"))))),
          Map.entry("case-07-thinking-by-tokens", of(thinking(Effort.LOW), "claude-sonnet-4-5")),
          Map.entry("case-07-thinking-by-effort", of(thinking(Effort.XHIGH), "claude-opus-4.7")),
          Map.entry("case-07-no-thinking", of(thinking(Effort.NONE), "claude-3-7-sonnet-latest")),
          Map.entry(
              "case-07-forgotten",
              of(
                  with(
                      plain(
                          HELLO,
                          assistant(call("c1", "{}")),
                          user(result("c1", false, Part.Text.of("sunny")))),
                      Optional.of(Thinking.of(Effort.LOW, true)),
                      OptionalLong.of(10_000)),
                  "claude-sonnet-4-5")),
          Map.entry(
              "case-07-little-room",
              of(
                  with(
                      plain(HELLO),
                      Optional.of(Thinking.of(Effort.HIGH, true)),
                      OptionalLong.of(2_000)),
                  "claude-sonnet-4-5")),
          Map.entry("case-11-media", of(plain(media()))),
          Map.entry(
              "case-11-audio",
              of(
                  plain(
                      user(
                          attached(
                              Media.Kind.AUDIO, new Media.Source.Inline("AA=="), "audio/wav"))))),
          Map.entry(
              "case-17-not-http",
              of(
                  plain(
                      user(
                          attached(
                              Media.Kind.IMAGE,
                              new Media.Source.Remote("gs://b/i.png", "image.url"),
                              "image/png"))))),
          Map.entry(
              "case-18-late-instructions",
              of(
                  plain(
                      new Turn(Role.SYSTEM, List.of(cached("You help."))),
                      HELLO,
                      new Turn(Role.SYSTEM, List.of(Part.Text.of("Rhyme."))),
                      user(Part.Text.of("Well?"))))),
          Map.entry(
              "case-18-instructions-alone",
              of(plain(new Turn(Role.SYSTEM, List.of(Part.Text.of("Tell a joke.")))))),
          Map.entry(
              "case-19-blanks",
              of(
                  plain(
                      user(Part.Text.of(" \n"), Part.Text.of("Count")),
                      assistant(Part.Text.of("  ")),
                      user(Part.Text.of("up")),
                      assistant(Part.Text.of("One, two, "))))),
          Map.entry("case-20-sampling", of(sampled(), "kimi-k2")),
          Map.entry("case-20-sampling-refused", of(sampled(), "claude-opus-4-7")),
          Map.entry("case-22-cache", of(plain(user(cached("Long."), Part.Text.of("Short."))))),
          Map.entry("case-23-choices", of(choices())),
          Map.entry("tools", of(tools(new ToolChoice.Required(), Optional.of(false)))),
          Map.entry("tools-named", of(tools(new ToolChoice.Named("weather"), Optional.empty()))),
          Map.entry(
              "tools-provided",
              of(tools(new ToolChoice.Named("web_search_preview"), Optional.empty()))),
          Map.entry("format-schema", of(format(schema()), "claude-sonnet-4-6")),
          Map.entry("format-schema-subset", of(format(wideSchema()), "claude-sonnet-4-6")),
          Map.entry(
              "format-object", of(format(new AnswerFormat.JsonObject()), "claude-sonnet-4-6")));

  static final Map<String, Answer> ANSWERS =
      Map.ofEntries(
          Map.entry(
              "text",
              answer(
                  choice(FinishReason.STOP, Part.Text.of("Grüß dich 🙂")),
                  new ReplyEvent.Started("up-1", "up-model"),
                  new ReplyEvent.Text(0, "Grüß"),
                  new ReplyEvent.Text(0, ""),
                  new ReplyEvent.Text(0, " dich 🙂"),
                  new ReplyEvent.Used(USED))),
          Map.entry("nothing", answer(choice(FinishReason.STOP))),
          Map.entry(
              "case-05-interleaved-calls",
              answer(
                  choice(
                      FinishReason.TOOL_CALLS,
                      Part.Text.of("Looking."),
                      call("c1", "{\"city\":\"Bonn\"}"),
                      call("c2", "{\"city\":\"Köln\"}"),
                      call("c3", "")),
                  new ReplyEvent.Started("", ""),
                  new ReplyEvent.Used(USED),
                  new ReplyEvent.Text(0, "Looking."),
                  began(0, "c1"),
                  new ReplyEvent.CallArguments(0, 0, "{\"city\":"),
                  began(1, "c2"),
                  new ReplyEvent.CallArguments(0, 1, "{\"city\":"),
                  began(2, "c3"),
                  new ReplyEvent.CallArguments(0, 0, "\"Bonn\"}"),
                  new ReplyEvent.CallArguments(0, 1, "\"Köln\"}"))),
          Map.entry(
              "case-05-text-after-calls",
              answer(
                  choice(
                      FinishReason.TOOL_CALLS,
                      call("c1", "{}"),
                      call("c2", "{}"),
                      Part.Text.of("Wait.")),
                  began(0, "c1"),
                  new ReplyEvent.CallArguments(0, 0, "{}"),
                  began(1, "c2"),
                  new ReplyEvent.CallArguments(0, 1, "{}"),
                  new ReplyEvent.Text(0, "Wait."))),
          Map.entry(
              "case-06-arguments",
              answer(
                  choice(FinishReason.TOOL_CALLS, call("c1", ""), call("c2", "{\"city\":")),
                  began(0, "c1"),
                  began(1, "c2"),
                  new ReplyEvent.CallArguments(0, 1, "{\"city\":"))),
          Map.entry(
              "case-07-thought-shown", answer(thinking(Effort.LOW), thoughtful(), thoughts())),
          Map.entry(
              "case-07-thought-not-asked-for", answer(plain(HELLO), thoughtful(), thoughts())),
          Map.entry(
              "stop-sequence",
              answer(
                  new Reply.Choice(
                      List.of(Part.Text.of("a")), FinishReason.STOP, Optional.of("END")),
                  new ReplyEvent.Text(0, "a"))),
          Map.entry(
              "refused",
              answer(
                  choice(FinishReason.STOP, new Part.Refused("No.")),
                  new ReplyEvent.Refused(0, "No."))),
          Map.entry(
              "length",
              answer(choice(FinishReason.LENGTH, Part.Text.of("a")), new ReplyEvent.Text(0, "a"))),
          Map.entry(
              "case-24-halves",
              answer(
                  choice(FinishReason.STOP, Part.Text.of("\ud83d\ude00")),
                  new ReplyEvent.Text(0, "\ud83d"),
                  new ReplyEvent.Text(0, "\ude00"))),
          Map.entry("filtered", answer(choice(FinishReason.CONTENT_FILTER))),
          Map.entry("citation", answer(cited(), citations())));

  private MessagesCases() {}

  private static Reply.Choice cited() {
    Part.Citation source = new Part.Citation("https://example.org/a", "A", 0, 4);
    return choice(FinishReason.STOP, new Part.Text("Yes.", List.of(source), Optional.empty()));
  }

  private static ReplyEvent[] citations() {
    Part.Citation source = new Part.Citation("https://example.org/a", "A", 0, 4);
    return new ReplyEvent[] {new ReplyEvent.Text(0, "Yes."), new ReplyEvent.Cited(0, source)};
  }

  private static Reply.Choice thoughtful() {
    return choice(
        FinishReason.STOP,
        new Part.Reasoning("Hm.", Optional.of(new Signature(Protocol.GEMINI, "s")), false),
        new Part.Reasoning("", Optional.of(new Signature(Protocol.GEMINI, "t")), true),
        new Part.Reasoning("So.", Optional.empty(), false),
        Part.Text.of("Yes."));
  }

  private static ReplyEvent[] thoughts() {
    return new ReplyEvent[] {
      new ReplyEvent.Reasoned(0, "H"),
      new ReplyEvent.Reasoned(0, "m."),
      new ReplyEvent.Signed(0, new Signature(Protocol.GEMINI, "s"), false),
      new ReplyEvent.Signed(0, new Signature(Protocol.GEMINI, "t"), true),
      new ReplyEvent.Reasoned(0, "So."),
      new ReplyEvent.Text(0, "Yes.")
    };
  }

  private static Answer answer(Reply.Choice whole, ReplyEvent... events) {
    return answer(plain(HELLO), whole, events);
  }

  private static Answer answer(InferenceRequest asked, Reply.Choice whole, ReplyEvent... events) {
    return new Answer(asked, List.of(events), whole, USED);
  }

  private static Reply.Choice choice(FinishReason reason, Part... parts) {
    return new Reply.Choice(List.of(parts), reason, Optional.empty());
  }

  private static ReplyEvent began(int call, String id) {
    return new ReplyEvent.CallBegan(0, call, id, "weather", Optional.empty());
  }

  private static Part call(String id, String arguments) {
    return new Part.ToolCall(id, "weather", arguments, false, Optional.empty());
  }

  private static Part result(String id, boolean error, Part... content) {
    return new Part.ToolResult(
        id, Optional.of("weather"), List.of(content), error, Optional.empty());
  }

  private static Part.Text cached(String text) {
    return new Part.Text(text, List.of(), Optional.of(CacheMark.FIVE_MINUTES));
  }

  private static Turn media() {
    return user(
        attached(Media.Kind.IMAGE, new Media.Source.Inline("AA=="), "image/png"),
        attached(
            Media.Kind.IMAGE, new Media.Source.Remote("https://a/b.png", "image"), "image/png"),
        attached(Media.Kind.DOCUMENT, new Media.Source.Inline("AA=="), "application/pdf"),
        attached(Media.Kind.DOCUMENT, new Media.Source.Inline("SGk="), "text/markdown"),
        attached(Media.Kind.DOCUMENT, new Media.Source.PlainText("Hi"), "text/plain"));
  }

  private static Part attached(Media.Kind kind, Media.Source source, String type) {
    return new Part.Attached(
        new Media(kind, source, type, Optional.of("name"), Optional.of("low")), Optional.empty());
  }

  private static Turn user(Part... parts) {
    return new Turn(Role.USER, List.of(parts));
  }

  private static Turn assistant(Part... parts) {
    return new Turn(Role.ASSISTANT, List.of(parts));
  }

  /** A thought of the model's own before a call, and everything that thinking is at odds with. */
  private static InferenceRequest thinking(Effort effort) {
    Signature seal = new Signature(Protocol.MESSAGES, "c2VhbA==");
    InferenceRequest plain =
        plain(
            HELLO,
            assistant(
                new Part.Reasoning("", Optional.of(seal), true),
                new Part.Reasoning("Hm.", Optional.of(seal), false),
                call("c1", "{}")),
            user(result("c1", false)));
    return new InferenceRequest(
        "asked",
        true,
        plain.turns(),
        new Tooling(List.of(WEATHER), new ToolChoice.Required(), Optional.empty()),
        new Sampling(
            Optional.of(0.5),
            Optional.empty(),
            OptionalLong.of(4),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of()),
        OptionalLong.of(10_000),
        Optional.of(Thinking.of(effort, true)),
        plain.format(),
        1,
        Optional.of("user-1"),
        Optional.empty(),
        List.of());
  }

  private static InferenceRequest sampled() {
    Sampling sampling =
        new Sampling(
            Optional.of(1.5),
            Optional.of(0.9),
            OptionalLong.of(40),
            OptionalLong.of(7),
            Optional.of(0.1),
            Optional.of(0.2),
            List.of("END", "\n"));
    return request(List.of(HELLO), Tooling.NONE, sampling, new AnswerFormat.Text(), 1);
  }

  private static InferenceRequest choices() {
    return request(List.of(HELLO), Tooling.NONE, Sampling.DEFAULT, new AnswerFormat.Text(), 2);
  }

  private static InferenceRequest tools(ToolChoice choice, Optional<Boolean> parallel) {
    List<Tool> offered =
        List.of(
            WEATHER,
            new Tool.Function(
                "now", Optional.empty(), JsonText.EMPTY_OBJECT, Optional.empty(), Optional.empty()),
            new Tool.Function(
                "any",
                Optional.empty(),
                new JsonText(" {\"properties\":{}}"),
                Optional.of(false),
                Optional.empty()),
            new Tool.Freeform("patch", Optional.of("Patches")),
            new Tool.Provided("web_search_preview"));
    return request(
        List.of(HELLO),
        new Tooling(offered, choice, parallel),
        Sampling.DEFAULT,
        new AnswerFormat.Text(),
        1);
  }

  private static AnswerFormat schema() {
    return new AnswerFormat.JsonSchema(
        "city", Optional.empty(), new JsonText("{\"type\":\"object\"}"), Optional.of(true));
  }

  /** One with much that the upstream refuses. */
  private static AnswerFormat wideSchema() {
    String schema =
        """
        {"$schema":"s","type":"object","properties":{"n":{"type":"integer","minimum":1},
        "when":{"type":"string","format":"date","minLength":2},"no":{"format":"x","default":1},
        "l":{"type":["array","null"],"minItems":2,"items":{"oneOf":[{"$ref":"#/$defs/o"},true]}},
        "m":{"type":"object","additionalProperties":{"type":"string"}}},
        "additionalProperties":true,"minProperties":1,"required":["n"],
        "$defs":{"o":{"allOf":[{"properties":{}},{"minItems":1}],"not":{}}}}
        """;
    return new AnswerFormat.JsonSchema(
        "city", Optional.empty(), new JsonText(schema), Optional.empty());
  }

  private static InferenceRequest format(AnswerFormat format) {
    return request(List.of(HELLO), Tooling.NONE, Sampling.DEFAULT, format, 1);
  }

  private static InferenceRequest plain(Turn... turns) {
    return request(List.of(turns), Tooling.NONE, Sampling.DEFAULT, new AnswerFormat.Text(), 1);
  }

  private static InferenceRequest request(
      List<Turn> turns, Tooling tools, Sampling sampling, AnswerFormat format, int choices) {
    return new InferenceRequest(
        "asked",
        true,
        turns,
        tools,
        sampling,
        OptionalLong.empty(),
        Optional.empty(),
        format,
        choices,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static InferenceRequest with(
      InferenceRequest plain, Optional<Thinking> thinking, OptionalLong maxOutput) {
    return new InferenceRequest(
        plain.model(),
        plain.streamed(),
        plain.turns(),
        plain.tools(),
        plain.sampling(),
        maxOutput,
        thinking,
        plain.format(),
        plain.choices(),
        plain.user(),
        plain.cacheKey(),
        plain.unknown());
  }

  private static Request of(InferenceRequest request) {
    return of(request, "up-1");
  }

  private static Request of(InferenceRequest request, String upstreamModel) {
    Model model =
        new Model(
            new ModelId(new ProviderId("p"), "m"),
            upstreamModel,
            Optional.empty(),
            "",
            OptionalLong.empty(),
            upstreamModel.startsWith("claude-opus") ? OptionalLong.of(9_000) : OptionalLong.empty(),
            false,
            Abilities.UNKNOWN);
    return new Request(request, model);
  }
}
