package io.bitrouter.wire.chat;

import io.bitrouter.core.exchange.FinishReason;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Part.Citation;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.wire.error.UpstreamFault;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import io.bitrouter.wire.translate.ReplyReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads chunks of a chat stream, of OpenAI and all that are compatible with it.
 *
 * <p>Some models want their thoughts back with the results of the tools that they called. So a
 * thought is sealed with the name of the member it came in, and a call with its {@code
 * extra_content}: what is sealed is kept and sent again.
 */
final class ChatReplyReader implements ReplyReader {

  /** Members that thoughts are sent back in. */
  static final List<String> THOUGHT_MEMBERS = List.of("reasoning_content", "reasoning");

  /** Most characters of a call's arguments that come before its name. */
  private static final int MOST_EARLY = 1 << 20;

  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ERROR = "error".getBytes(StandardCharsets.US_ASCII);

  private final String callIdPrefix;
  private final Map<Integer, Choice> choices = new HashMap<>();
  private final ChatDelta delta = new ChatDelta();
  private final ChatReading figures = new ChatReading();
  private Optional<MeasuredUsage> usage = Optional.empty();
  private int calls;
  private boolean started;
  private boolean ended;

  ChatReplyReader(String callIdPrefix) {
    this.callIdPrefix = callIdPrefix;
  }

  /** How far a choice has come. */
  private static final class Choice {
    private final Map<Integer, Call> byIndex = new HashMap<>();
    private int calls;
    private @Nullable String thoughtMember;
    private boolean finished;
  }

  /** A call, whose name can come after its first arguments. */
  private static final class Call {
    private final StringBuilder early = new StringBuilder();
    private String id = "";
    private Optional<Signature> seal = Optional.empty();
    private int number = -1;
  }

  @Override
  public void read(SseEvent event, Consumer<ReplyEvent> out) {
    if (event.dataIs(DONE)) {
      ended(out);
      return;
    }
    if (started
        && !event.isNamed(ERROR)
        && delta.read(event.data(), event.dataFrom(), event.dataLength())) {
      delta(out);
      return;
    }
    JsonNode chunk;
    try {
      chunk = Json.tree(event.data(), event.dataFrom(), event.dataLength());
    } catch (JacksonException | IllegalStateException e) {
      return;
    }
    if (set(chunk.path("error")) || event.isNamed(ERROR)) {
      failed(UpstreamFault.read(event.data(), event.dataFrom(), event.dataLength()), out);
      return;
    }
    JsonNode said = chunk.path("choices");
    if (!started && !said.isEmpty()) {
      started = true;
      out.accept(
          new ReplyEvent.Started(
              chunk.path("id").stringValue(""), chunk.path("model").stringValue("")));
    }
    boolean figuresInside = chunk.path("usage").isObject();
    for (JsonNode choice : said) {
      figuresInside |= choice.path("usage").isObject();
      choice(choice, out);
    }
    if (figuresInside) {
      figures.read(event.data(), event.dataFrom(), event.dataLength());
      figures.anyUsage().flatMap(ChatUsage::measured).ifPresent(report -> used(report, out));
    }
  }

  private void delta(Consumer<ReplyEvent> out) {
    Choice choice = choices.computeIfAbsent(delta.index(), unused -> new Choice());
    if (!delta.thought().isEmpty()) {
      thought(delta.index(), choice, delta.thoughtMember(), delta.thought(), out);
    }
    text(delta.index(), choice, delta.text(), out);
  }

  /** Where reports add up chunk by chunk, the last is the largest. */
  private void used(MeasuredUsage report, Consumer<ReplyEvent> out) {
    if (usage.filter(before -> total(before) > total(report)).isEmpty()) {
      usage = Optional.of(report);
      out.accept(new ReplyEvent.Used(report));
    }
  }

  private static long total(MeasuredUsage usage) {
    return usage.tokens().promptTokens() + usage.tokens().completionTokens();
  }

  private static boolean set(JsonNode value) {
    return !value.isMissingNode() && !value.isNull();
  }

  private static void failed(UpstreamFault fault, Consumer<ReplyEvent> out) {
    out.accept(
        new ReplyEvent.Failed(
            fault.message().orElse("the upstream reported an error without an explanation")));
  }

  private void choice(JsonNode said, Consumer<ReplyEvent> out) {
    int index = said.path("index").intValue(0);
    if (index < 0 || index >= ChatReading.MAX_CHOICES) {
      return;
    }
    if (set(said.path("error"))) {
      byte[] error = Json.text(said).getBytes(StandardCharsets.UTF_8);
      failed(UpstreamFault.read(error, 0, error.length), out);
      return;
    }
    Choice choice = choices.computeIfAbsent(index, unused -> new Choice());
    JsonNode delta = said.path("delta");
    thought(index, choice, delta, out);
    content(index, choice, delta.path("content"), out);
    String refusal = delta.path("refusal").stringValue("");
    if (!refusal.isEmpty()) {
      sealed(index, choice, out);
      out.accept(new ReplyEvent.Refused(index, refusal));
    }
    for (JsonNode call : delta.path("tool_calls")) {
      call(index, choice, call, out);
    }
    for (JsonNode annotation : delta.path("annotations")) {
      cited(index, annotation.path("url_citation"), out);
    }
    JsonNode reason = said.path("finish_reason");
    if (reason.isString() && !choice.finished) {
      choice.finished = true;
      sealed(index, choice, out);
      Optional<String> stop =
          Optional.of(said.path("stop_reason").stringValue("")).filter(it -> !it.isEmpty());
      String word = reason.stringValue();
      out.accept(new ReplyEvent.Finished(index, reason(word), stop, word));
    }
  }

  /** The first spelling that says something; some upstreams say the same in two. */
  private static void thought(int index, Choice choice, JsonNode delta, Consumer<ReplyEvent> out) {
    for (String member :
        List.of("reasoning_content", "reasoning", "thinking", "reasoning_details")) {
      String text = text(delta.path(member));
      if (!text.isEmpty()) {
        thought(index, choice, member, text, out);
        return;
      }
    }
  }

  private static void thought(
      int index, Choice choice, String member, String text, Consumer<ReplyEvent> out) {
    choice.thoughtMember = member.equals("reasoning_content") ? member : "reasoning";
    out.accept(new ReplyEvent.Reasoned(index, text));
  }

  /** The text of a string, of an object that holds one, or of a list of these. */
  private static String text(JsonNode node) {
    if (node.isString()) {
      return node.stringValue();
    }
    StringBuilder text = new StringBuilder();
    if (node.isArray()) {
      node.forEach(each -> text.append(text(each)));
    } else if (node.isObject()) {
      for (String member : List.of("text", "thinking", "summary")) {
        text.append(text(node.path(member)));
      }
    }
    return text.toString();
  }

  /** A text, or the pieces of text and thought that Mistral sends. */
  private static void content(
      int index, Choice choice, JsonNode content, Consumer<ReplyEvent> out) {
    if (content.isArray()) {
      for (JsonNode piece : content) {
        if (piece.has("thinking")) {
          thought(index, choice, piece, out);
        } else {
          content(index, choice, piece.path("text"), out);
        }
      }
      return;
    }
    text(index, choice, content.stringValue(""), out);
  }

  private static void text(int index, Choice choice, String text, Consumer<ReplyEvent> out) {
    if (!text.isEmpty()) {
      sealed(index, choice, out);
      out.accept(new ReplyEvent.Text(index, text));
    }
  }

  private static void sealed(int index, Choice choice, Consumer<ReplyEvent> out) {
    String member = choice.thoughtMember;
    if (member != null) {
      choice.thoughtMember = null;
      out.accept(new ReplyEvent.Signed(index, new Signature(Protocol.CHAT, member), false));
    }
  }

  private void call(int index, Choice choice, JsonNode said, Consumer<ReplyEvent> out) {
    JsonNode function = said.path("function");
    String id = said.path("id").stringValue("");
    String name = function.path("name").stringValue("");
    String arguments = arguments(function.path("arguments"));
    Call call = choice.byIndex.computeIfAbsent(said.path("index").intValue(0), i -> new Call());
    if (call.number >= 0 && !name.isEmpty() && !id.isEmpty() && !id.equals(call.id)) {
      // Some upstreams give every call the same index.
      call = new Call();
      choice.byIndex.put(said.path("index").intValue(0), call);
    }
    call.id = call.id.isEmpty() ? id : call.id;
    if (said.path("extra_content").isObject()) {
      String extra = Json.text(said.path("extra_content"));
      call.seal = Optional.of(new Signature(Protocol.CHAT, extra));
    }
    if (call.number < 0 && name.isEmpty()) {
      call.early.append(arguments);
      if (call.early.length() > MOST_EARLY) {
        out.accept(new ReplyEvent.Failed("the upstream sent a call of a tool without its name"));
      }
      return;
    }
    if (call.number < 0) {
      sealed(index, choice, out);
      call.number = choice.calls++;
      call.id = call.id.isEmpty() ? callIdPrefix + calls++ : call.id;
      out.accept(new ReplyEvent.CallBegan(index, call.number, call.id, name, call.seal));
      arguments = call.early + arguments;
    }
    if (!arguments.isEmpty()) {
      out.accept(new ReplyEvent.CallArguments(index, call.number, arguments));
    }
  }

  /** Arguments are a string; some upstreams send the object itself. */
  private static String arguments(JsonNode arguments) {
    return arguments.isObject() ? Json.text(arguments) : arguments.stringValue("");
  }

  private static void cited(int index, JsonNode citation, Consumer<ReplyEvent> out) {
    if (citation.path("url").isString()) {
      out.accept(
          new ReplyEvent.Cited(
              index,
              new Citation(
                  citation.path("url").stringValue(""),
                  citation.path("title").stringValue(""),
                  citation.path("start_index").intValue(0),
                  citation.path("end_index").intValue(0))));
    }
  }

  private static FinishReason reason(String word) {
    return switch (word) {
      case "length", "max_tokens", "model_length" -> FinishReason.LENGTH;
      case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
      case "content_filter" -> FinishReason.CONTENT_FILTER;
      default -> FinishReason.STOP;
    };
  }

  private void ended(Consumer<ReplyEvent> out) {
    if (!ended) {
      ended = true;
      choices.forEach((index, choice) -> sealed(index, choice, out));
      out.accept(new ReplyEvent.Ended());
    }
  }

  /** Some upstreams end without a word once every choice has its reason. */
  @Override
  public void end(Consumer<ReplyEvent> out) {
    if (!choices.isEmpty() && choices.values().stream().allMatch(choice -> choice.finished)) {
      ended(out);
    }
  }
}
