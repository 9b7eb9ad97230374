package io.bitrouter.it.bench;

import io.bitrouter.core.exchange.Protocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Streams as the providers of the four protocols send them: a text in pieces, and its end. */
final class RecordedStreams {

  /** Bytes of text in one chunk. */
  static final int PIECE_BYTES = 20;

  private static final String PLAIN = " the words of answer";

  /** With escapes, and characters beyond ASCII. */
  private static final String OTHER = " words of \\\"an\\\" été";

  private RecordedStreams() {}

  /** The reads of one stream, one event each, {@code chunks} of them with text. */
  static List<ByteBuffer> of(Protocol protocol, int chunks) {
    List<String> events = new ArrayList<>();
    switch (protocol) {
      case CHAT -> chat(events, chunks);
      case MESSAGES -> messages(events, chunks);
      case RESPONSES -> responses(events, chunks);
      case GEMINI -> gemini(events, chunks);
    }
    return events.stream().map(RecordedStreams::read).toList();
  }

  private static String piece(int chunk) {
    return chunk % 4 == 3 ? OTHER : PLAIN;
  }

  /** Direct, as a socket's buffers are. */
  private static ByteBuffer read(String event) {
    byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static void chat(List<String> events, int chunks) {
    events.add(chat("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null"));
    for (int i = 0; i < chunks; i++) {
      events.add(chat("{\"content\":\"" + piece(i) + "\"}", "null"));
    }
    events.add(chat("{}", "\"stop\""));
    events.add(
        chatHead()
            + "\"choices\":[],\"usage\":{\"prompt_tokens\":420,\"completion_tokens\":200,"
            + "\"total_tokens\":620,\"prompt_tokens_details\":{\"cached_tokens\":0},"
            + "\"completion_tokens_details\":{\"reasoning_tokens\":0}}}\n\n");
    events.add("data: [DONE]\n\n");
  }

  private static String chatHead() {
    return "data: {\"id\":\"chatcmpl-CqE5gbzsV3N0vFQ0r5nYJr0aBench\","
        + "\"object\":\"chat.completion.chunk\",\"created\":1767225600,"
        + "\"model\":\"gpt-4o-mini-2024-07-18\",\"service_tier\":\"default\","
        + "\"system_fingerprint\":\"fp_560af6e559\",";
  }

  private static String chat(String delta, String finish) {
    return chatHead()
        + "\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"logprobs\":null,\"finish_reason\":"
        + finish
        + "}],\"usage\":null}\n\n";
  }

  private static void messages(List<String> events, int chunks) {
    events.add(
        named(
            "message_start",
            "\"message\":{\"id\":\"msg_01BenchBenchBenchBench\",\"type\":\"message\","
                + "\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5-20250929\",\"content\":[],"
                + "\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":420,"
                + "\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,"
                + "\"output_tokens\":1}}"));
    events.add(
        named(
            "content_block_start",
            "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"));
    for (int i = 0; i < chunks; i++) {
      events.add(
          named(
              "content_block_delta",
              "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + piece(i) + "\"}"));
    }
    events.add(named("content_block_stop", "\"index\":0"));
    events.add(
        named(
            "message_delta",
            "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                + "\"usage\":{\"output_tokens\":200}"));
    events.add("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
  }

  private static String named(String type, String members) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
  }

  private static void responses(List<String> events, int chunks) {
    String item =
        "{\"id\":\"msg_bench\",\"type\":\"message\",\"status\":\"%s\",\"role\":\"assistant\","
            + "\"content\":[%s]}";
    String part =
        "{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":\"" + "%s" + "\"}";
    String place = "\"item_id\":\"msg_bench\",\"output_index\":0,\"content_index\":0,";
    String text =
        IntStream.range(0, chunks).mapToObj(RecordedStreams::piece).collect(Collectors.joining());
    String whole = item.formatted("completed", part.formatted(text));
    numbered(events, "response.created", "\"response\":" + response("in_progress", "", "null"));
    numbered(events, "response.in_progress", "\"response\":" + response("in_progress", "", "null"));
    numbered(
        events,
        "response.output_item.added",
        "\"output_index\":0,\"item\":" + item.formatted("in_progress", ""));
    numbered(events, "response.content_part.added", place + "\"part\":" + part.formatted(""));
    for (int i = 0; i < chunks; i++) {
      numbered(
          events,
          "response.output_text.delta",
          place + "\"delta\":\"" + piece(i) + "\",\"logprobs\":[]");
    }
    numbered(
        events, "response.output_text.done", place + "\"text\":\"" + text + "\",\"logprobs\":[]");
    numbered(events, "response.content_part.done", place + "\"part\":" + part.formatted(text));
    numbered(events, "response.output_item.done", "\"output_index\":0,\"item\":" + whole);
    numbered(
        events,
        "response.completed",
        "\"response\":"
            + response(
                "completed",
                whole,
                "{\"input_tokens\":420,\"input_tokens_details\":{\"cached_tokens\":0},"
                    + "\"output_tokens\":200,\"output_tokens_details\":{\"reasoning_tokens\":0},"
                    + "\"total_tokens\":620}"));
  }

  private static void numbered(List<String> events, String type, String members) {
    events.add(named(type, "\"sequence_number\":" + events.size() + "," + members));
  }

  private static String response(String status, String output, String usage) {
    return "{\"id\":\"resp_bench\",\"object\":\"response\",\"created_at\":1767225600,\"status\":\""
        + status
        + "\",\"error\":null,\"incomplete_details\":null,\"instructions\":null,"
        + "\"model\":\"gpt-4o-mini-2024-07-18\",\"output\":["
        + output
        + "],\"parallel_tool_calls\":true,\"tools\":[],\"usage\":"
        + usage
        + "}";
  }

  private static void gemini(List<String> events, int chunks) {
    for (int i = 0; i <= chunks; i++) {
      boolean last = i == chunks;
      events.add(
          "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\""
              + (last ? "" : piece(i))
              + "\"}],\"role\":\"model\"},"
              + (last ? "\"finishReason\":\"STOP\"," : "")
              + "\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":420,"
              + "\"candidatesTokenCount\":"
              + Math.max(1, i)
              + ",\"totalTokenCount\":"
              + (420 + Math.max(1, i))
              + ",\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":420}]},"
              + "\"modelVersion\":\"gemini-2.5-flash\",\"responseId\":\"BenchBenchBenchBench\"}\n\n");
    }
  }
}
