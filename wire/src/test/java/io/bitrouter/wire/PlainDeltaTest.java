package io.bitrouter.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.wire.chat.ChatUpstreamCodec;
import io.bitrouter.wire.gemini.GeminiUpstreamCodec;
import io.bitrouter.wire.messages.MessagesUpstreamCodec;
import io.bitrouter.wire.sse.SseEvent;
import io.bitrouter.wire.sse.SseSplitter;
import io.bitrouter.wire.translate.ReplyReader;
import io.bitrouter.wire.translate.UpstreamCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Events that add to a text are read by a shorter way than others. Random events say the same by
 * both: one stream is as it came, the other has something in each event that says nothing and needs
 * the longer way.
 */
class PlainDeltaTest {

  private static final int RUNS = 3_000;
  private static final int EVENTS = 8;

  /** A member and what it can be. */
  private record Member(String name, List<String> values) {}

  private static Member member(String name, String... values) {
    return new Member(name, List.of(values));
  }

  /** An event in its two forms. */
  private record Both(String plain, String full) {}

  private interface Events {
    Both next(Random random);
  }

  @Test
  void chat() {
    String first =
        "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,"
            + "\"delta\":{\"role\":\"assistant\"}}]}\n\n";
    check(new ChatUpstreamCodec(), first, PlainDeltaTest::chat);
  }

  private static Both chat(Random random) {
    String delta =
        members(
            random,
            member(
                "content", "\"h\u00e9 \\\"i\"", "\"more\"", "\"\"", "null", "[{\"text\":\"t\"}]"),
            member("reasoning_content", "null", "\"r1\"", "\"\""),
            member("reasoning", "null", "\"r2\"", "null"),
            member("thinking", "null", "null", "\"r3\""),
            member("reasoning_details", "null", "null", "[{\"text\":\"d\"}]"),
            member("refusal", "null", "null", "\"no\""),
            member(
                "tool_calls",
                "null",
                "null",
                "[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]"),
            member("role", "\"assistant\"", "{}"));
    String choice =
        members(
            random,
            member("index", "0", "0", "1", "-1", "200", "\"1\"", "null"),
            member("finish_reason", "null", "null", "null", "\"stop\""),
            member("error", "null", "null", "null", "{\"message\":\"bad\"}"),
            member("usage", "null", "null", "{\"prompt_tokens\":1,\"completion_tokens\":2}"),
            member("logprobs", "null", "{\"content\":[{\"index\":7}]}"));
    String rest =
        members(
            random,
            member(
                "usage", "null", "null", "null", "{\"prompt_tokens\":3,\"completion_tokens\":4}"),
            member("error", "null", "null", "null", "{\"message\":\"worse\"}"),
            member("x", "{\"choices\":[{}]}", "[1]", "\"a\""));
    int count = random.nextInt(8) == 0 ? random.nextInt(3) : 1;
    return new Both(
        data(chunk(delta, choice, rest, count)),
        data(chunk(joined("\"annotations\":[]", delta), choice, rest, count)));
  }

  private static String chunk(String delta, String choice, String rest, int count) {
    String one = "{" + joined(choice, "\"delta\":{" + delta + "}") + "}";
    String all = String.join(",", Collections.nCopies(count, one));
    return "{" + joined(rest, "\"choices\":[" + all + "]") + "}";
  }

  @Test
  void messages() {
    check(
        new MessagesUpstreamCodec(),
        """
        data: {"type":"message_start","message":{"id":"i","model":"m","usage":{"input_tokens":1}}}

        data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking"}}

        data: {"type":"content_block_start","index":1,\
        "content_block":{"type":"tool_use","id":"a","name":"f"}}

        """,
        PlainDeltaTest::messages);
  }

  private static Both messages(Random random) {
    String type =
        pick(random, "text_delta", "thinking_delta", "input_json_delta", "signature_delta");
    String delta =
        joined(
            "\"type\":\"" + pick(random, type, type, type, "citations_delta", "new") + "\"",
            members(
                random,
                member("text", "\"t\"", "\"\"", "null", "4"),
                member("thinking", "\"th\"", "{\"text\":\"u\"}"),
                member("signature", "\"s\""),
                member("partial_json", "\"{\"", "\"\""),
                member("citation", "{\"url\":\"http://u\"}")));
    String rest =
        members(
            random,
            member("index", "0", "1", "1", "-1", "\"1\"", "null", "99999999999"),
            member("error", "null", "null", "null", "{\"message\":\"bad\"}"));
    String named = pick(random, "content_block_delta", "content_block_delta", "ping");
    String data =
        data(
            "{"
                + joined("\"type\":\"" + named + "\"", joined(rest, "\"delta\":{" + delta + "}"))
                + "}");
    // Without the event's name nobody can know from outside what it is.
    return new Both("event: content_block_delta\n" + data, data);
  }

  @Test
  void gemini() {
    String first =
        data("{\"responseId\":\"i\",\"modelVersion\":\"m\",\"candidates\":[{\"content\":{}}]}");
    check(new GeminiUpstreamCodec(), first, PlainDeltaTest::gemini);
  }

  private static Both gemini(Random random) {
    String part =
        members(
            random,
            member("text", "\"t\"", "\"\"", "null", "4"),
            member("thought", "true", "false", "null", "\"true\""),
            member("thoughtSignature", "null", "null", "\"s\""),
            member("functionCall", "null", "null", "{\"name\":\"f\",\"args\":{\"a\":1}}"));
    int parts = random.nextInt(6) == 0 ? random.nextInt(3) : 1;
    String all = String.join(",", Collections.nCopies(parts, "{" + part + "}"));
    String content = joined("\"role\":\"model\"", "\"parts\":[" + all + "]");
    String candidate =
        joined(
            members(
                random,
                member("index", "0", "0", "1", "-1", "\"1\"", "null"),
                member("finishReason", "null", "null", "\"STOP\"")),
            "\"content\":{" + content + "}");
    String rest =
        members(
            random,
            member(
                "usageMetadata",
                "null",
                "{\"promptTokenCount\":4,\"candidatesTokenCount\":" + random.nextInt(9) + "}"),
            member("error", "null", "null", "null", "{\"message\":\"bad\"}"),
            member("promptFeedback", "null", "null", "{\"blockReason\":\"SAFETY\"}"));
    int count = random.nextInt(8) == 0 ? random.nextInt(3) : 1;
    String candidates =
        "\"candidates\":["
            + String.join(",", Collections.nCopies(count, "{" + candidate + "}"))
            + "]";
    String full = rest.contains("promptFeedback") ? rest : joined("\"promptFeedback\":{}", rest);
    return new Both(
        data("{" + joined(rest, candidates) + "}"), data("{" + joined(full, candidates) + "}"));
  }

  private static void check(UpstreamCodec codec, String first, Events events) {
    int said = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      Random random = new Random(seed);
      StringBuilder plain = new StringBuilder(first);
      StringBuilder full = new StringBuilder(first);
      for (int i = 0; i < EVENTS; i++) {
        Both both = events.next(random);
        plain.append(both.plain());
        full.append(both.full());
      }
      List<ReplyEvent> read = read(codec, plain);
      assertThat(read).as("seed %d: %s", seed, plain).isEqualTo(read(codec, full));
      said += read.size();
    }
    assertThat(said).isGreaterThan(RUNS * EVENTS / 4);
  }

  private static List<ReplyEvent> read(UpstreamCodec codec, CharSequence stream) {
    ReplyReader reader = codec.reader("call_");
    List<ReplyEvent> events = new ArrayList<>();
    SseSplitter splitter =
        new SseSplitter(
            new SseSplitter.Receiver() {
              @Override
              public void event(SseEvent event) {
                reader.read(event, events::add);
              }

              @Override
              public void oversized(byte[] bytes, int from, int to) {
                throw new AssertionError("an event is too large");
              }

              @Override
              public void unfinished(SseEvent event) {
                throw new AssertionError("an event is unfinished");
              }
            });
    byte[] bytes = stream.toString().getBytes(StandardCharsets.UTF_8);
    splitter.accept(bytes, 0, bytes.length);
    reader.end(events::add);
    return events;
  }

  /** Some of the members, in any order. */
  private static String members(Random random, Member... members) {
    List<Member> order = new ArrayList<>(List.of(members));
    Collections.shuffle(order, random);
    return order.stream()
        .filter(member -> random.nextInt(3) == 0)
        .map(member ->
            "\""
                + member.name()
                + "\":"
                + member.values().get(random.nextInt(member.values().size())))
        .collect(Collectors.joining(","));
  }

  private static String joined(String... members) {
    return Stream.of(members).filter(each -> !each.isEmpty()).collect(Collectors.joining(","));
  }

  private static String pick(Random random, String... values) {
    return values[random.nextInt(values.length)];
  }

  private static String data(String json) {
    return "data: " + json + "\n\n";
  }
}
