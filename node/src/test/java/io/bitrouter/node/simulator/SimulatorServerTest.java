package io.bitrouter.node.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.node.edge.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SimulatorServerTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String MESSAGES = "/v1/messages";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private EventLoops loops;
  private SimulatorServer server;

  @BeforeAll
  void start() throws IOException {
    loops = EventLoops.open(EventLoops.Transport.AUTO, 1);
    server = SimulatorServer.start(loops, Ticker.system(), new SecureRandom());
  }

  @AfterAll
  void stop() {
    http.close();
    server.close();
    loops.close();
  }

  @Test
  void listensOnTheLoopbackNetworkOnly() {
    assertThat(server.base().getHost()).isEqualTo("127.0.0.1");
    assertThat(server.base().getPort()).isPositive();
    assertThat(server.base().getPath()).isEmpty();
  }

  @Test
  void answersChatWhole() throws Exception {
    HttpResponse<String> answer = post(CHAT, chat("hello there", ""), "");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    assertThat(answer.headers().firstValue("content-length")).isPresent();
    assertThat(answer.body()).contains("hello there").contains("\"usage\"");
  }

  @Test
  void answersMessagesAsAStream() throws Exception {
    HttpResponse<String> answer = post(MESSAGES, chat("one two", ", \"stream\": true"), "");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
    assertThat(answer.body()).contains("message_start").contains("message_stop");
  }

  @Test
  void answersResponses() throws Exception {
    HttpResponse<String> answer =
        post("/v1/responses", "{\"model\": \"echo\", \"input\": \"one two\"}", "");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("one two").contains("\"usage\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/models/sim%2Fecho", "/v1beta/models/echo"})
  void answersGemini(String model) throws Exception {
    String body = "{\"contents\": [{\"parts\": [{\"text\": \"one two\"}]}]}";
    HttpResponse<String> whole = post(model + ":generateContent", body, "");
    assertThat(whole.headers().firstValue("content-type")).contains("application/json");
    assertThat(whole.body()).contains("one two").contains("\"usageMetadata\"");
    HttpResponse<String> stream = post(model + ":streamGenerateContent?alt=sse", body, "");
    assertThat(stream.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
    assertThat(stream.body()).startsWith("data: ").contains("\"finishReason\":\"STOP\"");
  }

  @Test
  void countsAndEmbedsInTheProtocolsThatHaveIt() throws Exception {
    assertThat(post("/v1/messages/count_tokens", "{}      ", "").body())
        .isEqualTo("{\"input_tokens\":2}");
    assertThat(post("/v1beta/models/echo:countTokens", "{}      ", "").body())
        .isEqualTo("{\"totalTokens\":2}");
    String openAi =
        post("/v1/embeddings", "{\"model\": \"e\", \"input\": [\"hi\"], \"dimensions\": 2}", "")
            .body();
    String content =
        "{\"content\": {\"parts\": [{\"text\": \"hi\"}]}, \"outputDimensionality\": 2}";
    String one = post("/v1beta/models/echo:embedContent", content, "").body();
    String several =
        post("/v1beta/models/echo:batchEmbedContents", "{\"requests\": [" + content + "]}", "")
            .body();
    String vector = openAi.substring(openAi.lastIndexOf('['), openAi.indexOf(']') + 1);
    assertThat(vector).matches("\\[-?0\\.\\d+,-?0\\.\\d+]");
    assertThat(openAi).contains("\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}");
    String usage = ",\"usageMetadata\":{\"promptTokenCount\":1}}";
    assertThat(one).isEqualTo("{\"embedding\":{\"values\":" + vector + "}" + usage);
    assertThat(several).isEqualTo("{\"embeddings\":[{\"values\":" + vector + "}]" + usage);
  }

  @Test
  void isSteeredByHeaderAndByBody() throws Exception {
    String steering = "{\"status\": 429, \"retry_after\": 7}";
    HttpResponse<String> byHeader = post(CHAT, chat("x", ""), steering);
    HttpResponse<String> byBody = post(CHAT, chat("x", ", \"x_sim\": " + steering), "");
    for (HttpResponse<String> answer : List.of(byHeader, byBody)) {
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.headers().firstValue("retry-after")).contains("7");
    }
    assertThat(byHeader.body()).isEqualTo(byBody.body());
  }

  @Test
  void waitsBeforeTheHead() throws Exception {
    long before = System.nanoTime();
    post(CHAT, chat("x", ""), "{\"first_ms\": 150}");
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isGreaterThanOrEqualTo(Duration.ofMillis(150));
  }

  @Test
  void aStreamCanEndWithoutItsEnd() throws Exception {
    HttpResponse<String> answer =
        post(CHAT, chat("a b c d", ", \"stream\": true"), "{\"truncate_at_chunk\": 1}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("data: ").doesNotContain("[DONE]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"reset_at_chunk\": 1}", "{\"reset_at_chunk\": 0}"})
  void aStreamCanBreak(String steering) {
    assertThatThrownBy(() -> post(CHAT, chat("a b c d", ", \"stream\": true"), steering))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"reset_at_chunk\": 1}", "{\"truncate_at_chunk\": 1}"})
  void aWholeAnswerCanBreak(String steering) {
    assertThatThrownBy(() -> post(CHAT, chat("a b c d", ""), steering))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aResetBeforeTheFirstChunkSendsNothing() throws Exception {
    String body = chat("x", "");
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.base().getPort())) {
      socket
          .getOutputStream()
          .write(
              ("POST "
                      + CHAT
                      + " HTTP/1.1\r\nhost: sim\r\ncontent-type: application/json\r\n"
                      + "x-bitrouter-sim: {\"reset_at_chunk\": 0}\r\ncontent-length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    }
  }

  @Test
  void otherPathsAndMethodsAreNotServed() throws Exception {
    assertThat(post("/v1/images", "{}", "").body()).contains("the simulator serves POST");
    assertThat(post("/v1/models/echo:predict", "{}", "").statusCode()).isEqualTo(404);
    HttpRequest get = HttpRequest.newBuilder(server.base().resolve(CHAT)).GET().build();
    assertThat(http.send(get, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> post(String path, String body, String steering) throws Exception {
    URI uri = server.base().resolve(path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(20))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!steering.isEmpty()) {
      request.header("x-bitrouter-sim", steering);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String chat(String text, String more) {
    return "{\"model\": \"echo\", \"max_tokens\": 50, \"messages\": [{\"role\": \"user\","
        + " \"content\": \""
        + text
        + "\"}]"
        + more
        + "}";
  }
}
