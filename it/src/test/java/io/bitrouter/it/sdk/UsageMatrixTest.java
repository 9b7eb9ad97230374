package io.bitrouter.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Clients of four protocols, upstreams of four: what the client is told is logged and priced. */
final class UsageMatrixTest {

  @RegisterExtension static final NodeWorld WORLD = Vendor.world();

  static Stream<Arguments> pairs() {
    List<Arguments> pairs = new ArrayList<>();
    for (Vendor client : Vendor.values()) {
      for (Vendor upstream : Vendor.values()) {
        for (boolean streamed : new boolean[] {false, true}) {
          for (boolean cached : new boolean[] {false, true}) {
            pairs.add(Arguments.of(client, upstream, streamed, cached));
          }
        }
      }
    }
    return pairs.stream();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void whatTheClientSeesIsLoggedAndPriced(
      Vendor client, Vendor upstream, boolean streamed, boolean cached) {
    Tokens said = cached ? Tokens.CACHED : Tokens.PLAIN;
    Answer answer = Answer.saying("one two three").using(said);
    WORLD.upstream().answerBy(Scripts.answering(answer));
    Reply reply =
        WORLD
            .client()
            .post(path(client, upstream, streamed), body(client, upstream, streamed))
            .mustBe(200);
    seen(client, upstream, usage(client, reply, streamed)).mustBeBooked(WORLD, upstream, said);
    if (!streamed) {
      assertThat(reply.header("x-bitrouter-cost-micro-usd"))
          .hasValueSatisfying(micros ->
              assertThat(Long.parseLong(micros))
                  .isBetween(
                      upstream.booked(said).nanoUsd() / 1_000,
                      upstream.booked(said).nanoUsd() / 1_000 + 1));
    }
  }

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void anArrayOfGeminiHasTheSameFigures(Vendor upstream) {
    WORLD
        .upstream()
        .answerBy(Scripts.answering(Answer.saying("one two three").using(Tokens.CACHED)));
    Reply reply =
        WORLD
            .client()
            .post(
                path(Vendor.GEMINI, upstream, true).replace("?alt=sse", ""),
                body(Vendor.GEMINI, upstream, true))
            .mustBe(200);
    JsonNode objects = reply.json();
    assertThat(objects.isArray()).isTrue();
    JsonNode usage = objects.get(objects.size() - 1).path("usageMetadata");
    seen(Vendor.GEMINI, upstream, usage).mustBeBooked(WORLD, upstream, Tokens.CACHED);
  }

  private static String path(Vendor client, Vendor upstream, boolean streamed) {
    return switch (client) {
      case CHAT -> "/v1/chat/completions";
      case MESSAGES -> "/v1/messages";
      case RESPONSES -> "/v1/responses";
      case GEMINI ->
          "/v1beta/models/"
              + upstream.model()
              + (streamed ? ":streamGenerateContent?alt=sse" : ":generateContent");
    };
  }

  private static String body(Vendor client, Vendor upstream, boolean streamed) {
    String model = "\"model\":\"" + upstream.model() + "\",\"stream\":" + streamed;
    String message = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    return switch (client) {
      case CHAT ->
          "{"
              + model
              + (streamed ? ",\"stream_options\":{\"include_usage\":true}," : ",")
              + message
              + "}";
      case MESSAGES -> "{" + model + ",\"max_tokens\":500," + message + "}";
      case RESPONSES -> "{" + model + ",\"input\":\"hi\"}";
      case GEMINI -> "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}";
    };
  }

  /** The usage object; of a stream, what its events add up to as clients read them. */
  private static JsonNode usage(Vendor client, Reply reply, boolean streamed) {
    if (!streamed) {
      return reply.json().path(client == Vendor.GEMINI ? "usageMetadata" : "usage");
    }
    String pointer =
        switch (client) {
          case CHAT, MESSAGES -> "/usage";
          case RESPONSES -> "/response/usage";
          case GEMINI -> "/usageMetadata";
        };
    var usage = JsonMapper.shared().createObjectNode();
    reply
        .text()
        .lines()
        .filter(line -> line.startsWith("data: {"))
        .map(line -> JsonMapper.shared().readTree(line.substring("data: ".length())))
        .forEach(event -> {
          if (event.at("/message/usage") instanceof ObjectNode start) {
            usage.setAll(start);
          }
          if (event.at(pointer) instanceof ObjectNode more) {
            usage.setAll(more);
          }
        });
    return usage;
  }

  /** The figures in the client's protocol, each of which must be there. */
  private static Seen seen(Vendor client, Vendor upstream, JsonNode usage) {
    Tokens booked = upstream.booked(Tokens.PLAIN);
    return switch (client) {
      case CHAT -> {
        Seen seen =
            new Seen(
                figure(usage, "/prompt_tokens"),
                figure(usage, "/prompt_tokens_details/cached_tokens"),
                figure(usage, "/completion_tokens"));
        assertThat(figure(usage, "/completion_tokens_details/reasoning_tokens"))
            .isEqualTo(booked.reasoning());
        assertThat(figure(usage, "/total_tokens")).isEqualTo(seen.prompt() + seen.completion());
        yield seen;
      }
      case MESSAGES ->
          new Seen(
              figure(usage, "/input_tokens")
                  + figure(usage, "/cache_read_input_tokens")
                  + figure(usage, "/cache_creation_input_tokens"),
              figure(usage, "/cache_read_input_tokens"),
              figure(usage, "/output_tokens"));
      case RESPONSES -> {
        Seen seen =
            new Seen(
                figure(usage, "/input_tokens"),
                figure(usage, "/input_tokens_details/cached_tokens"),
                figure(usage, "/output_tokens"));
        assertThat(figure(usage, "/output_tokens_details/reasoning_tokens"))
            .isEqualTo(booked.reasoning());
        assertThat(figure(usage, "/total_tokens")).isEqualTo(seen.prompt() + seen.completion());
        yield seen;
      }
      case GEMINI -> {
        long thoughts = usage.path("thoughtsTokenCount").asLong(0);
        assertThat(thoughts).isEqualTo(booked.reasoning());
        Seen seen =
            new Seen(
                figure(usage, "/promptTokenCount"),
                usage.path("cachedContentTokenCount").asLong(0),
                figure(usage, "/candidatesTokenCount") + thoughts);
        assertThat(figure(usage, "/totalTokenCount")).isEqualTo(seen.prompt() + seen.completion());
        yield seen;
      }
    };
  }

  private static long figure(JsonNode usage, String pointer) {
    assertThat(usage.at(pointer).isIntegralNumber()).as("%s of %s", pointer, usage).isTrue();
    return usage.at(pointer).asLong();
  }
}
