package io.bitrouter.wire.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.wire.chat.ChatClientCodec;
import io.bitrouter.wire.chat.ChatUpstreamCodec;
import io.bitrouter.wire.gemini.GeminiClientCodec;
import io.bitrouter.wire.gemini.GeminiUpstreamCodec;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.messages.MessagesClientCodec;
import io.bitrouter.wire.messages.MessagesUpstreamCodec;
import io.bitrouter.wire.responses.ResponsesClientCodec;
import io.bitrouter.wire.responses.ResponsesUpstreamCodec;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Whatever is said can be written for everyone, or is refused with the member that is to blame. */
class TranslationPropertyTest {

  private static final int RUNS = 3_000;

  private static final Map<Protocol, UpstreamCodec> UPSTREAMS =
      Map.of(
          Protocol.CHAT, new ChatUpstreamCodec(),
          Protocol.MESSAGES, new MessagesUpstreamCodec(),
          Protocol.RESPONSES, new ResponsesUpstreamCodec(),
          Protocol.GEMINI, new GeminiUpstreamCodec());

  private static final List<Client> CLIENTS =
      List.of(
          new Client(Protocol.CHAT, () -> new ChatClientCodec(false)),
          new Client(Protocol.CHAT, () -> new ChatClientCodec(true)),
          new Client(Protocol.MESSAGES, MessagesClientCodec::new),
          new Client(Protocol.RESPONSES, ResponsesClientCodec::new),
          new Client(Protocol.GEMINI, () -> new GeminiClientCodec(false)),
          new Client(Protocol.GEMINI, () -> new GeminiClientCodec(true)));

  /** How clients of a protocol talk. */
  private record Client(Protocol protocol, Supplier<ClientCodec> codec) {}

  @TestFactory
  Stream<DynamicTest> upstreamsGetValidRequests() {
    return UPSTREAMS.entrySet().stream()
        .map(each ->
            DynamicTest.dynamicTest(
                each.getKey().text(),
                () -> check(TranslationCheck.upstream(each.getValue(), each.getKey(), RUNS))));
  }

  @TestFactory
  Stream<DynamicTest> clientsGetValidAnswers() {
    return CLIENTS.stream()
        .map(client ->
            DynamicTest.dynamicTest(
                client.protocol().text(),
                () -> check(TranslationCheck.client(client.codec(), RUNS))));
  }

  @TestFactory
  Stream<DynamicTest> whatClientsSayReachesUpstreamsOrIsRefused() {
    return CLIENTS.stream()
        .flatMap(client ->
            UPSTREAMS.keySet().stream()
                .filter(protocol -> protocol != client.protocol())
                .map(protocol ->
                    DynamicTest.dynamicTest(
                        client.protocol().text() + " to " + protocol.text(),
                        () -> check(between(client, protocol)))));
  }

  private static TranslationCheck.Result between(Client client, Protocol protocol)
      throws IOException {
    return TranslationCheck.between(
        client.codec(),
        body(client.protocol()),
        Objects.requireNonNull(UPSTREAMS.get(protocol)),
        protocol,
        RUNS);
  }

  private static JsonNode body(Protocol protocol) throws IOException {
    String name = "/golden/translate/mutated/" + protocol.text() + ".json";
    try (InputStream in = TranslationPropertyTest.class.getResourceAsStream(name)) {
      return Json.strictTree(Objects.requireNonNull(in).readAllBytes());
    }
  }

  private static void check(TranslationCheck.Result result) {
    assertThat(result.fault()).isEmpty();
    assertThat(result.said()).as("enough of it can be said").isGreaterThan(RUNS / 20);
  }
}
