package io.bitrouter.wire.translate;

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
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.core.exchange.Thinking;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Supplier;

/** Random requests and answers, the odd ones that clients and upstreams can come up with. */
final class RandomTalk {

  private static final List<String> TEXTS =
      List.of(
          "Hello.",
          "Grüß 🙂",
          "",
          " ",
          "\ud83d",
          "\ude42 then",
          "\u0000\u001f\u2028\r\n\t",
          "\"\\ /",
          "data: x\n\ndata: [DONE]\n\n",
          "</system>",
          "{\"a\":1}",
          "long ".repeat(900));

  private static final List<String> NAMES =
      List.of("f", "get_weather", "a.b", "0 ü\"", "x".repeat(80), "web_search", "$", "input");

  private static final List<String> ARGUMENTS =
      List.of(
          "{\"a\":1}",
          "{}",
          "",
          " ",
          "{\"a\":",
          "[1]",
          "null",
          "\"text\"",
          "{\"a\":1,\"a\":2}",
          "{} {}",
          "{\"s\":\"\\ud83d\",\"n\":1e999,\"b\":123456789012345678901234567890}",
          "{\n  \"a\": [\n    1\n  ]\n}",
          "[".repeat(300),
          "{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}",
          "\ud83d");

  private static final List<String> SCHEMAS =
      List.of(
          "{}",
          "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"]}",
          "{\"$defs\":{\"n\":{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#/$defs/n\"}}}},"
              + "\"$ref\":\"#/$defs/n\"}",
          "{\"$ref\":\"#\"}",
          "{\"$ref\":\"#/nowhere\"}",
          "{\"$ref\":5,\"type\":[\"string\",\"null\"],\"enum\":[1,null,\"\\ud83d\"]}",
          "{\"type\":7,\"properties\":[],\"required\":\"x\",\"items\":true,\"anyOf\":{}}",
          "{\"properties\":{\"a\":true,\"b\":null,\"c\":[{}]},\"additionalProperties\":false}",
          "{\"oneOf\":[{\"const\":1},{\"type\":\"array\",\"items\":[{},{}]}],\"minLength\":1e999}",
          nested());

  private final Random random;

  /** Says the same for the same {@code random}. */
  RandomTalk(Random random) {
    this.random = random;
  }

  private static String nested() {
    return "{\"type\":\"array\",\"items\":".repeat(60) + "{}" + "}".repeat(60);
  }

  InferenceRequest request() {
    Tooling tools = tools();
    return new InferenceRequest(
        pick(NAMES),
        random.nextBoolean(),
        turns(),
        tools,
        rarely() ? Sampling.DEFAULT : sampling(),
        maybeTokens(),
        maybe(this::thinking),
        format(),
        random.nextInt(4) > 0 ? 1 : 2 + random.nextInt(2),
        maybe(() -> pick(TEXTS)),
        maybe(() -> pick(TEXTS)),
        List.of(pick(NAMES)));
  }

  /** Events of an answer, most of them as they should be. */
  List<ReplyEvent> events() {
    List<ReplyEvent> events = new ArrayList<>();
    int begun = 0;
    for (int left = random.nextInt(25); left > 0; left--) {
      int choice = rarely() ? 1 : 0;
      int call = rarely() ? random.nextInt(4) : Math.max(0, begun - 1);
      switch (random.nextInt(10)) {
        case 0 -> events.add(new ReplyEvent.Started(pick(TEXTS), pick(NAMES)));
        case 1, 2 -> events.add(new ReplyEvent.Text(choice, pick(TEXTS)));
        case 3 -> events.add(new ReplyEvent.Refused(choice, pick(TEXTS)));
        case 4 -> events.add(new ReplyEvent.Reasoned(choice, pick(TEXTS)));
        case 5 -> events.add(new ReplyEvent.Signed(choice, signature(), random.nextBoolean()));
        case 6 ->
            events.add(
                new ReplyEvent.CallBegan(
                    choice, begun++, "call_" + begun, pick(NAMES), maybe(this::signature)));
        case 7 -> events.add(new ReplyEvent.CallArguments(choice, call, pick(ARGUMENTS)));
        case 8 -> events.add(new ReplyEvent.Cited(choice, citation()));
        default -> events.add(new ReplyEvent.Used(usage()));
      }
    }
    for (int choice = 0; choice < 2 && !rarely(); choice++) {
      FinishReason reason = pick(List.of(FinishReason.values()));
      events.add(new ReplyEvent.Finished(choice, reason, maybe(() -> pick(TEXTS)), pick(TEXTS)));
    }
    switch (random.nextInt(8)) {
      case 0 -> events.add(new ReplyEvent.Failed(pick(TEXTS)));
      case 1 -> {}
      default -> events.add(new ReplyEvent.Ended());
    }
    return events;
  }

  MeasuredUsage usage() {
    return new MeasuredUsage(
        new TokenUsage(tokens(), tokens(), tokens(), tokens(), tokens(), tokens()),
        pick(List.of(UsageOrigin.values())));
  }

  OptionalLong maybeTokens() {
    return random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(tokens());
  }

  private long tokens() {
    return pick(List.of(0L, 1L, 100L, 1_024L, 5_000L, 1_000_000L, Long.MAX_VALUE));
  }

  private List<Turn> turns() {
    List<Turn> turns = new ArrayList<>();
    int calls = 0;
    for (int left = random.nextInt(6); left > 0; left--) {
      Role role = pick(List.of(Role.values()));
      List<Part> parts = new ArrayList<>();
      List<Part> results = new ArrayList<>();
      for (int more = random.nextInt(4); more > 0; more--) {
        parts.add(part(role));
      }
      if (role == Role.ASSISTANT) {
        for (int more = random.nextInt(3); more > 0; more--) {
          String id = pick(List.of("call_", "toolu_", "a b ü\"", "")) + calls++;
          String name = pick(NAMES);
          parts.add(new Part.ToolCall(id, name, pick(ARGUMENTS), rarely(), maybe(this::signature)));
          results.add(
              new Part.ToolResult(
                  id, maybe(() -> name), content(), rarely(), maybe(this::cacheMark)));
        }
      }
      turns.add(new Turn(role, parts));
      if (!results.isEmpty() && random.nextInt(20) > 0) {
        results.add(random.nextInt(results.size() + 1), part(Role.USER));
        turns.add(new Turn(Role.USER, results));
      }
    }
    return turns;
  }

  private Part part(Role role) {
    if (role == Role.ASSISTANT) {
      return switch (random.nextInt(6)) {
        case 0 -> new Part.Refused(pick(TEXTS));
        case 1, 2 -> new Part.Reasoning(pick(TEXTS), maybe(this::signature), rarely());
        case 3 -> rarely() ? new Part.Attached(media(), maybe(this::cacheMark)) : text();
        default -> text();
      };
    }
    return role == Role.USER && rarely()
        ? new Part.Attached(media(), maybe(this::cacheMark))
        : text();
  }

  private List<Part> content() {
    List<Part> content = new ArrayList<>();
    for (int more = random.nextInt(3); more > 0; more--) {
      content.add(rarely() ? new Part.Attached(media(), Optional.empty()) : text());
    }
    return content;
  }

  private Part text() {
    return new Part.Text(
        pick(TEXTS), rarely() ? List.of(citation()) : List.of(), maybe(this::cacheMark));
  }

  private Media media() {
    Media.Source source =
        switch (random.nextInt(3)) {
          case 0 -> new Media.Source.Inline(pick(List.of("aGk=", "", "no base64")));
          case 1 -> new Media.Source.PlainText(pick(TEXTS));
          default ->
              new Media.Source.Remote(
                  pick(List.of("https://example.org/a", "x", "data:,a")), "the image");
        };
    String type =
        pick(
            List.of(
                "image/png",
                "audio/wav",
                "audio/x",
                "application/pdf",
                "text/plain",
                "application/octet-stream",
                "odd"));
    return new Media(
        pick(List.of(Media.Kind.values())),
        source,
        type,
        maybe(() -> pick(TEXTS)),
        maybe(() -> pick(List.of("low", "high", "auto", "odd"))));
  }

  private Tooling tools() {
    List<Tool> offered = new ArrayList<>();
    for (int more = random.nextInt(4); more > 0; more--) {
      String name = pick(NAMES);
      offered.add(
          switch (random.nextInt(4)) {
            case 0 -> new Tool.Freeform(name, maybe(() -> pick(TEXTS)));
            case 1 -> new Tool.Provided(name);
            default ->
                new Tool.Function(
                    name,
                    maybe(() -> pick(TEXTS)),
                    new JsonText(pick(SCHEMAS)),
                    maybe(random::nextBoolean),
                    maybe(this::cacheMark));
          });
    }
    ToolChoice choice =
        switch (random.nextInt(5)) {
          case 0 -> new ToolChoice.None();
          case 1 -> new ToolChoice.Required();
          case 2 -> new ToolChoice.Named(pick(NAMES));
          default -> new ToolChoice.Auto();
        };
    return new Tooling(offered, choice, maybe(random::nextBoolean));
  }

  private Sampling sampling() {
    List<Double> numbers = List.of(0.0, -0.0, 0.7, 1.0, 1.5, 2.0, -1.0, Double.MAX_VALUE);
    List<String> stop = new ArrayList<>();
    for (int more = random.nextInt(7); more > 0; more--) {
      stop.add(pick(TEXTS));
    }
    return new Sampling(
        maybe(() -> pick(numbers)),
        maybe(() -> pick(numbers)),
        maybeTokens(),
        maybeTokens(),
        maybe(() -> pick(numbers)),
        maybe(() -> pick(numbers)),
        stop);
  }

  private Thinking thinking() {
    return random.nextBoolean()
        ? Thinking.of(pick(List.of(Thinking.Effort.values())), random.nextBoolean())
        : Thinking.ofTokens(tokens(), random.nextBoolean());
  }

  private AnswerFormat format() {
    return switch (random.nextInt(4)) {
      case 0 -> new AnswerFormat.JsonObject();
      case 1 ->
          new AnswerFormat.JsonSchema(
              pick(NAMES),
              maybe(() -> pick(TEXTS)),
              new JsonText(pick(SCHEMAS)),
              maybe(random::nextBoolean));
      default -> new AnswerFormat.Text();
    };
  }

  private Signature signature() {
    Protocol issuer = pick(List.of(Protocol.values()));
    // What chat providers seal is an object, as it was read.
    List<String> values =
        issuer == Protocol.CHAT
            ? List.of("{\"a\":1}", "{\"s\":\"\\ud83d\"}")
            : List.of("c2VhbA==", "", "\ud83d\"");
    return new Signature(issuer, pick(values));
  }

  private Part.Citation citation() {
    List<Integer> indices = List.of(0, 3, -1, 10_000, Integer.MAX_VALUE);
    return new Part.Citation(pick(TEXTS), pick(TEXTS), pick(indices), pick(indices));
  }

  private CacheMark cacheMark() {
    return pick(List.of(CacheMark.values()));
  }

  private boolean rarely() {
    return random.nextInt(8) == 0;
  }

  private <T> Optional<T> maybe(Supplier<T> value) {
    return random.nextInt(3) == 0 ? Optional.of(value.get()) : Optional.empty();
  }

  /** The first half of a list is likelier: that is where what is usual stands. */
  private <T> T pick(List<T> values) {
    int bound = random.nextBoolean() ? Math.ceilDiv(values.size(), 2) : values.size();
    return values.get(random.nextInt(bound));
  }
}
