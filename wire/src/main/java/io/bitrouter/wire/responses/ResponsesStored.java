package io.bitrouter.wire.responses;

import io.bitrouter.core.gateway.StoredTurn;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.json.ResponsesScan;
import io.bitrouter.wire.json.Span;
import io.bitrouter.wire.json.Splices;
import io.bitrouter.wire.sse.SseEvent;
import io.bitrouter.wire.sse.SseSplitter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a request has to do with stored answers.
 *
 * @param kept whether its own is to be stored
 * @param previous the stored one that it goes on from
 */
record ResponsesStored(boolean kept, Optional<String> previous) {

  /** Nothing. */
  static final ResponsesStored NOTHING = new ResponsesStored(false, Optional.empty());

  private static final Set<String> ANSWERED = Set.of("completed", "incomplete");

  /** Handles of what was said before and is not in the body. */
  private static final Set<String> EARLIER =
      Set.of("previous_response_id", "conversation", "conversation.id");

  /** Whether the answer to a body can be stored, so that all of what led to it is there. */
  static boolean keeps(byte[] body, ResponsesScan scan) {
    return scan.stored()
        && body.length <= StoredTurn.MOST_BYTES
        && scan.request().content().handles().stream()
            .noneMatch(handle -> EARLIER.contains(handle.member()));
  }

  /** The body without the name of the turn before it, and with all that this was in its input. */
  static byte[] continued(
      byte[] body, ResponsesScan scan, ResponsesScan.Previous named, StoredTurn before) {
    ByteArrayOutputStream items = new ByteArrayOutputStream(before.input().length + body.length);
    items.write('[');
    add(before.input(), items);
    JsonNode said = Json.tree(before.response(), 0, before.response().length).path("output");
    for (JsonNode item : said) {
      // A thought that is not sealed is known by its id alone, and to nobody.
      if (!item.path("type").stringValue("").equals("reasoning")
          || item.path("encrypted_content").isString()) {
        add(("[" + Json.text(item) + "]").getBytes(StandardCharsets.UTF_8), items);
      }
    }
    add(items(body, scan), items);
    items.write(']');
    String input = items.toString(StandardCharsets.UTF_8);
    return new Splices()
        .remove(named.at())
        .member(scan.request().membersAt(), scan.inputAt(), "input", input)
        .applyTo(body);
  }

  /** Adds the items of a list, if there are any. */
  private static void add(byte[] list, ByteArrayOutputStream items) {
    int from = 1;
    while (list[from] <= ' ') {
      from++;
    }
    if (list[from] != ']') {
      if (items.size() > 1) {
        items.write(',');
      }
      items.write(list, from, list.length - 1 - from);
    }
  }

  /** The input as a list of items, whichever form it has. */
  static byte[] items(byte[] body, ResponsesScan scan) {
    Span at = scan.inputAt().orElse(new Span(0, 0));
    byte[] input = Arrays.copyOfRange(body, at.start(), at.end());
    if (input.length > 0 && input[0] == '[') {
      return input;
    }
    boolean text = input.length > 0 && input[0] == '"';
    String message =
        text
            ? "{\"type\":\"message\",\"role\":\"user\",\"content\":"
                + new String(input, StandardCharsets.UTF_8)
                + "}"
            : "";
    return ("[" + message + "]").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * What is stored of an answer; nothing of one that failed or says nothing.
   *
   * @param end its last bytes for the client
   * @param input what it is an answer to, as a list of items
   */
  Optional<StoredTurn> turn(byte[] end, boolean streamed, byte[] input) {
    if (end.length > StoredTurn.MOST_BYTES) {
      return Optional.empty();
    }
    try {
      byte[] data = streamed ? lastData(end) : end;
      JsonNode whole = Json.tree(data, 0, data.length);
      JsonNode answer = streamed ? whole.path("response") : whole;
      String id = answer.path("id").stringValue("");
      boolean fits = !id.isEmpty() && id.length() <= StoredTurn.LONGEST_ID;
      if (!fits
          || !ANSWERED.contains(answer.path("status").stringValue("completed"))
          || answer.path("output").isEmpty()
          || !(answer instanceof ObjectNode response)) {
        return Optional.empty();
      }
      response.put("store", true);
      previous.ifPresent(before -> response.put("previous_response_id", before));
      return Optional.of(
          new StoredTurn(id, input, Json.text(response).getBytes(StandardCharsets.UTF_8)));
    } catch (JacksonException | IllegalStateException e) {
      // As in reading a body: the latter for member names that are chosen to collide.
      return Optional.empty();
    }
  }

  private static byte[] lastData(byte[] events) {
    ByteArrayOutputStream last = new ByteArrayOutputStream(events.length);
    SseSplitter splitter =
        new SseSplitter(
            new SseSplitter.Receiver() {
              @Override
              public void event(SseEvent event) {
                if (event.dataLines() > 0) {
                  last.reset();
                  last.write(event.data(), event.dataFrom(), event.dataLength());
                }
              }

              @Override
              public void oversized(byte[] bytes, int from, int to) {
                last.reset();
              }

              @Override
              public void unfinished(SseEvent event) {
                event(event);
              }
            });
    splitter.accept(events, 0, events.length);
    splitter.end();
    return last.toByteArray();
  }
}
