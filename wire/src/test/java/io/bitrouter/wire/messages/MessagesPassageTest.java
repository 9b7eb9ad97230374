package io.bitrouter.wire.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.HeaderFields;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.SignatureVault;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.Dialects;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What goes with requests to upstreams of Messages, and what comes back with the next one. */
class MessagesPassageTest {

  private static final String ANSWER =
      "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}"
          + "\n{\"type\":\"content_block_start\",\"index\":0,"
          + "\"content_block\":{\"type\":\"thinking\",\"thinking\":\"Hm.\",\"signature\":\"c2Vh\"}}"
          + "\n{\"type\":\"content_block_stop\",\"index\":0}"
          + "\n{\"type\":\"content_block_start\",\"index\":1,"
          + "\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"f\"}}"
          + "\n{\"type\":\"content_block_stop\",\"index\":1}"
          + "\n{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},"
          + "\"usage\":{\"output_tokens\":4}}"
          + "\n{\"type\":\"message_stop\"}";

  @Test
  void theVersionAndTheBetasOfTheClientAreSent() {
    Passage passage =
        Dialects.passage(
            Dialects.MESSAGES,
            Dialects.decoded(Dialects.MESSAGES, "{\"model\":\"m\"}"),
            "up-1",
            OptionalLong.empty());
    assertThat(passage.path()).isEqualTo("/messages");
    assertThat(passage.headers(headers(Map.of())))
        .containsExactly(new HeaderField("anthropic-version", "2023-06-01"));
    Map<String, List<String>> sent =
        Map.of(
            "anthropic-version", List.of("2024-01-01"),
            "anthropic-beta", List.of("a", "b,c"),
            "x-stainless-os", List.of("Linux"));
    assertThat(passage.headers(headers(sent)))
        .containsExactly(
            new HeaderField("anthropic-version", "2024-01-01"),
            new HeaderField("anthropic-beta", "a"),
            new HeaderField("anthropic-beta", "b,c"));
  }

  @Test
  void aKeepaliveIsAPing() {
    assertThat(new String(Dialects.MESSAGES.keepAlive(), StandardCharsets.UTF_8))
        .isEqualTo("event: ping\ndata: {\"type\":\"ping\"}\n\n");
  }

  /** A chat client cannot carry what was thought before a call; the next request has it all. */
  @Test
  void thoughtsBeforeACallAreSentBackForClientsThatCannotCarryThem() {
    Map<String, byte[]> kept = new HashMap<>();
    SignatureVault vault =
        new SignatureVault() {
          @Override
          public void keep(String callId, byte[] value) {
            kept.put(callId, value);
          }

          @Override
          public Optional<byte[]> find(String callId) {
            return Optional.ofNullable(kept.get(callId));
          }
        };
    StreamTap tap = toMessages("[{\"role\":\"user\",\"content\":\"a\"}]", vault).tap(usage -> 0);
    for (String event : ANSWER.split("\n")) {
      byte[] bytes = ("data: " + event + "\n\n").getBytes(StandardCharsets.UTF_8);
      tap.accept(ByteBuffer.wrap(bytes), (written, from, length) -> {});
    }
    assertThat(tap.report().complete()).isTrue();

    String history =
        "[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"tool_calls\":[{"
            + "\"id\":\"toolu_1\",\"type\":\"function\",\"function\":{\"name\":\"f\","
            + "\"arguments\":\"{}\"}}]},"
            + "{\"role\":\"tool\",\"tool_call_id\":\"toolu_1\",\"content\":\"b\"}]";
    assertThat(new String(toMessages(history, vault).body(), StandardCharsets.UTF_8))
        .contains(
            "[{\"type\":\"thinking\",\"thinking\":\"Hm.\",\"signature\":\"c2Vh\"},"
                + "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"f\",\"input\":{}}]")
        .contains("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":4096}");
    assertThat(new String(toMessages(history, SignatureVault.NONE).body(), StandardCharsets.UTF_8))
        .contains("[{\"type\":\"tool_use\"")
        .contains("\"thinking\":{\"type\":\"disabled\"}");
  }

  private static Passage toMessages(String messages, SignatureVault vault) {
    String body =
        "{\"model\":\"m\",\"stream\":true,\"reasoning_effort\":\"low\",\"messages\":"
            + messages
            + "}";
    Outcome<Passage> outcome =
        Dialects.decoded(Dialects.CHAT, body)
            .toward(
                Dialects.target(Protocol.MESSAGES, "up-1"),
                OptionalLong.empty(),
                new OnBehalf(Dialects.ON_BEHALF.request(), vault, name -> name));
    return switch (outcome) {
      case Outcome.Done<Passage>(Passage passage) -> passage;
      case Outcome.Refused<Passage>(var refusal) -> throw new AssertionError(refusal.message());
    };
  }

  private static HeaderFields headers(Map<String, List<String>> fields) {
    return new HeaderFields() {
      @Override
      public Optional<String> first(String name) {
        return all(name).stream().findFirst();
      }

      @Override
      public List<String> all(String name) {
        return fields.getOrDefault(name, List.of());
      }
    };
  }
}
