package io.bitrouter.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.StreamTap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A stream that is cut after any byte is a whole answer by the rules of its protocol. */
class CutTest {

  private static final JsonMapper TREE = new JsonMapper();
  private static final MeasuredUsage USED =
      new MeasuredUsage(new TokenUsage(6, 0, 0, 0, 5, 0), UsageOrigin.ESTIMATED);

  private static final String CHAT =
      chat(
              "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}")
          + chat("{\"index\":1,\"delta\":{\"content\":\"é\"},\"finish_reason\":null}")
          + chat(
              "{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c\","
                  + "\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]},\"finish_reason\":null}")
          + chat("{\"index\":1,\"delta\":{},\"finish_reason\":\"stop\"}")
          + chat("{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}")
          + "data: {\"id\":\"c1\",\"choices\":[],"
          + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n"
          + "data: [DONE]\n\n";

  private static final String CALLS =
      chat("{\"delta\":{\"reasoning_content\":\"é\"}}")
          + chat("{\"delta\":{\"content\":\"b\"}}")
          + chat(call(0, "\"id\":\"c0\",", "\"name\":\"f\","))
          + chat(call(1, "\"id\":\"c1\",", "\"name\":\"f\","))
          + chat(call(0, "", ""))
          + chat("{\"delta\":{},\"finish_reason\":\"tool_calls\"}")
          + "data: [DONE]\n\n";

  private static final String MESSAGES =
      event("message_start", ",\"message\":{\"id\":\"m\",\"usage\":{\"input_tokens\":3}}")
          + event("ping", "")
          + event("content_block_start", ",\"index\":0,\"content_block\":{\"type\":\"thinking\"}")
          + event("content_block_delta", ",\"index\":0,\"delta\":{\"thinking\":\"é\"}")
          + event("content_block_stop", ",\"index\":0")
          + event("content_block_start", ",\"index\":1,\"content_block\":{\"type\":\"tool_use\"}")
          + event("content_block_delta", ",\"index\":1,\"delta\":{\"partial_json\":\"{\"}")
          + event("content_block_stop", ",\"index\":1")
          + event(
              "message_delta",
              ",\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":{\"output_tokens\":4}")
          + event("message_stop", "");

  @Test
  void chatCutAnywhereEndsEveryChoiceOnceAndTheStream() {
    for (String asked : List.of("true", "false")) {
      DecodedRequest request =
          Dialects.decoded(
              Dialects.CHAT,
              "{\"model\":\"m\",\"stream\":true,\"n\":2,"
                  + "\"stream_options\":{\"include_usage\":"
                  + asked
                  + "}}");
      for (String client : cuts(Dialects.CHAT, request, CHAT)) {
        List<String> events = List.of(client.split("\n\n"));
        assertThat(events.getLast()).isEqualTo("data: [DONE]");
        List<Integer> finished = new ArrayList<>();
        int usages = 0;
        for (String event : events.subList(0, events.size() - 1)) {
          JsonNode chunk = TREE.readTree(event.substring("data: ".length()));
          assertThat(usages).as("usage comes last: " + client).isZero();
          usages += chunk.path("usage").isObject() ? 1 : 0;
          for (JsonNode choice : chunk.path("choices")) {
            assertThat(finished).as(client).doesNotContain(choice.path("index").intValue());
            if (choice.path("finish_reason").isString()) {
              finished.add(choice.path("index").intValue());
            }
          }
        }
        assertThat(finished).as(client).containsExactlyInAnyOrder(0, 1);
        assertThat(usages).as(client).isEqualTo(asked.equals("true") ? 1 : 0);
      }
    }
  }

  @Test
  void messagesCutAnywhereCloseEveryBlockAndTheMessage() {
    DecodedRequest request =
        Dialects.decoded(Dialects.MESSAGES, "{\"model\":\"m\",\"stream\":true,\"max_tokens\":9}");
    cuts(Dialects.MESSAGES, request, MESSAGES).forEach(CutTest::closed);
  }

  /** Calls that the upstream tells at the same time come one after the other. */
  @Test
  void messagesOverChatCutAnywhereCloseEveryBlockAndTheMessage() {
    DecodedRequest request =
        Dialects.decoded(
            Dialects.MESSAGES,
            "{\"model\":\"m\",\"stream\":true,\"max_tokens\":9,"
                + "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000},"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}");
    Passage passage =
        Dialects.passage(request, Dialects.target(Protocol.CHAT, "up-1"), OptionalLong.empty());
    cuts(() -> passage.tap(usage -> 0), CALLS).forEach(CutTest::closed);
  }

  /** A stream of messages is whole, and has at most one block open at once. */
  private static void closed(String client) {
    Set<Integer> open = new HashSet<>();
    String state = "";
    for (String event : client.split("\n\n")) {
      JsonNode data = TREE.readTree(event.substring(event.indexOf("data: ") + 6));
      String type = data.path("type").stringValue();
      assertThat(event).startsWith("event: " + type + "\n");
      int index = data.path("index").intValue(-1);
      switch (type) {
        case "message_start" -> assertThat(state).as(client).isEmpty();
        case "content_block_start" -> {
          assertThat(open.add(index)).as(client).isTrue();
          assertThat(open).as(client).hasSize(1);
        }
        case "content_block_delta" -> assertThat(open).as(client).contains(index);
        case "content_block_stop" -> assertThat(open.remove(index)).as(client).isTrue();
        case "message_delta" -> {
          assertThat(open).as(client).isEmpty();
          assertThat(state).as(client).doesNotContain("delta").isNotEmpty();
        }
        case "message_stop" -> assertThat(state).as(client).isEqualTo("message_delta");
        default -> assertThat(type).isEqualTo("ping");
      }
      state = type;
    }
    assertThat(state).as(client).isEqualTo("message_stop");
  }

  /** The events of {@code golden/responses}, one item of each kind that has texts. */
  @Test
  void responsesCutAnywhereCloseEveryItemAndTheAnswer() throws Exception {
    DecodedRequest request =
        Dialects.decoded(Dialects.RESPONSES, "{\"model\":\"m\",\"stream\":true}");
    for (String name : List.of("stream/thought-and-call", "stream/text", "cut/calls")) {
      for (String client : cuts(Dialects.RESPONSES, request, golden("responses/" + name))) {
        checkResponse(client);
      }
    }
  }

  private static void checkResponse(String client) {
    Map<Integer, String> open = new HashMap<>();
    Map<String, StringBuilder> texts = new HashMap<>();
    List<JsonNode> items = new ArrayList<>();
    long sequence = 0;
    String state = "";
    for (String event : client.split("\n\n")) {
      JsonNode data = TREE.readTree(event.substring(event.indexOf("data: ") + 6));
      String type = data.path("type").stringValue();
      assertThat(event).startsWith("event: " + type + "\n");
      assertThat(data.path("sequence_number").longValue()).as(client).isEqualTo(sequence++);
      int index = data.path("output_index").intValue(-1);
      String text = index + type.replaceAll("\\.(delta|done)$", "") + data.path("summary_index");
      switch (type) {
        case "response.created" -> assertThat(state).as(client).isEmpty();
        case "response.output_item.added" -> assertThat(open.put(index, type)).as(client).isNull();
        case "response.output_item.done" -> {
          assertThat(open.remove(index)).as(client).isNotNull();
          items.add(data.path("item"));
        }
        case "response.completed", "response.incomplete" -> {
          assertThat(open).as(client).isEmpty();
          if (type.equals("response.incomplete")) {
            assertThat(data.path("response").path("output").values())
                .as(client)
                .containsExactlyElementsOf(items);
          }
        }
        default -> {
          if (type.endsWith(".delta")) {
            texts
                .computeIfAbsent(text, unused -> new StringBuilder())
                .append(data.path("delta").stringValue());
          } else if (texts.containsKey(text)) {
            String whole =
                Stream.of("text", "arguments", "input")
                    .map(data::path)
                    .filter(JsonNode::isString)
                    .map(JsonNode::stringValue)
                    .findFirst()
                    .orElseThrow();
            assertThat(whole).as(client).isEqualTo(texts.remove(text).toString());
          }
        }
      }
      state = type;
    }
    assertThat(texts).as(client).isEmpty();
    assertThat(state).as(client).matches("response\\.(completed|incomplete)");
  }

  private static String golden(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(CutTest.class.getResourceAsStream("/golden/" + name + ".in"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** An event that is too large to be kept is on its way to the client already. */
  @Test
  void aCutInsideOfAnOversizedEventBeginsWithABlankLine() {
    DecodedRequest request = Dialects.decoded(Dialects.CHAT, "{\"model\":\"m\",\"stream\":true}");
    StreamTap tap = Dialects.tap(Dialects.CHAT, request, usage -> 0);
    byte[] beginning = new byte[(8 << 20) + 100];
    Arrays.fill(beginning, (byte) 'x');
    System.arraycopy("data: {".getBytes(StandardCharsets.US_ASCII), 0, beginning, 0, 7);
    tap.accept(ByteBuffer.wrap(beginning), (bytes, from, length) -> {});
    assertThat(tap.outputBytes()).isGreaterThan(8 << 20);
    assertThat(new String(tap.cut(USED), StandardCharsets.UTF_8)).startsWith("\n\ndata: {\"id\"");
  }

  private static List<String> cuts(Dialect dialect, DecodedRequest request, String stream) {
    return cuts(() -> Dialects.tap(dialect, request, usage -> 0), stream);
  }

  private static List<String> cuts(Supplier<StreamTap> taps, String stream) {
    byte[] upstream = stream.getBytes(StandardCharsets.UTF_8);
    List<String> clients = new ArrayList<>();
    for (int at = 0; at <= upstream.length; at++) {
      StreamTap tap = taps.get();
      ByteArrayOutputStream client = new ByteArrayOutputStream();
      tap.accept(ByteBuffer.wrap(upstream, 0, at), client::write);
      client.writeBytes(tap.cut(USED));
      clients.add(client.toString(StandardCharsets.UTF_8));
    }
    return clients;
  }

  private static String call(int index, String id, String name) {
    return "{\"delta\":{\"tool_calls\":[{\"index\":%d,%s\"function\":{%s\"arguments\":\"{\"}}]}}"
        .formatted(index, id, name);
  }

  private static String chat(String choice) {
    return "data: {\"id\":\"c1\",\"choices\":[" + choice + "]}\n\n";
  }

  private static String event(String type, String members) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + members + "}\n\n";
  }
}
