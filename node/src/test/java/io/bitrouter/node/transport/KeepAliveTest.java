package io.bitrouter.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import io.bitrouter.node.edge.NoLeaks;
import io.bitrouter.node.edge.RawClient;
import io.bitrouter.node.edge.RawClient.Answer;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** What a client of a stream hears of upstreams that keep it waiting and then fail, or do not. */
@ExtendWith(NoLeaks.class)
class KeepAliveTest {
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String OPENING = event("{\"role\":\"assistant\",\"content\":\"\"}", "null");
  private static final String USAGE =
      "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[],"
          + "\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":3,\"total_tokens\":14}}\n\n";

  /** A client that wants a stream. */
  enum Client {
    CHAT("/v1/chat/completions", ": keep-alive\n\n", "[DONE]"),
    MESSAGES("/v1/messages", "event: ping\ndata: {\"type\":\"ping\"}\n\n", "event: message_stop"),
    RESPONSES("/v1/responses", ": keep-alive\n\n", "event: response.completed"),
    GEMINI("/v1beta/models/m:streamGenerateContent?alt=sse", "\n", "\"finishReason\""),
    GEMINI_ARRAY("/v1beta/models/m:streamGenerateContent", "\n", "\"finishReason\"");

    private final String path;
    private final String keepAlive;
    private final String terminal;

    Client(String path, String keepAlive, String terminal) {
      this.path = path;
      this.keepAlive = keepAlive;
      this.terminal = terminal;
    }

    private String body() {
      String turns = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
      return switch (this) {
        case CHAT -> "{\"model\":\"m\",\"stream\":true," + turns;
        case MESSAGES -> "{\"model\":\"m\",\"stream\":true,\"max_tokens\":50," + turns;
        case RESPONSES -> "{\"model\":\"m\",\"stream\":true,\"input\":\"hi\"}";
        case GEMINI, GEMINI_ARRAY ->
            "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}";
      };
    }

    /** How an answer begins. */
    private String opening() {
      return switch (this) {
        case CHAT -> "\"role\":\"assistant\"";
        case MESSAGES -> "event: message_start";
        case RESPONSES -> "event: response.created";
        case GEMINI, GEMINI_ARRAY -> "\"text\":\"fine\"";
      };
    }
  }

  private static UpstreamTimeouts timeouts() {
    UpstreamTimeouts usual = UpstreamTimeouts.defaults();
    return new UpstreamTimeouts(
        usual.connect(),
        usual.firstToken(),
        usual.idle(),
        usual.total(),
        usual.poolIdle(),
        Duration.ofMillis(60));
  }

  @ParameterizedTest
  @CsvSource({
    "CHAT,false", "MESSAGES,false", "RESPONSES,false", "GEMINI,false", "GEMINI_ARRAY,false",
    "CHAT,true", "MESSAGES,true", "RESPONSES,true", "GEMINI,true", "GEMINI_ARRAY,true"
  })
  void afterAKeepAliveAnotherAnswersInTheSameStream(Client client, boolean opened)
      throws Exception {
    Semaphore heard = new Semaphore(0);
    try (RawUpstream one = failing(heard, opened);
        RawUpstream two = new RawUpstream(KeepAliveTest::answer);
        TwoUpstreams gateway = new TwoUpstreams(one.uri(), two.uri(), timeouts());
        RawClient asking = gateway.client()) {
      gateway.post(asking, client.path, client.body());
      Answer head = asking.readHead();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("x-bitrouter-provider")).isEqualTo("one");
      assertThat(asking.chunk()).isEqualTo(client.keepAlive);
      heard.release();
      String answer = rest(asking);

      assertThat(answer).doesNotContain("provider 'one'");
      assertThat(times(answer, client.opening())).as(answer).isOne();
      assertThat(times(answer, "fine")).as(answer).isBetween(1, 5);
      assertThat(times(answer, client.terminal)).as(answer).isOne();
      if (client == Client.GEMINI_ARRAY) {
        String text = "/0/candidates/0/content/parts/0/text";
        assertThat(JsonMapper.shared().readTree(answer).at(text).asString()).isEqualTo("fine");
      }
      RequestRow row = only(gateway);
      assertThat(row.status()).isEqualTo(RequestStatus.SUCCEEDED);
      assertThat(row.attempts()).isEqualTo(2);
      assertThat(row.providerId()).contains("two");
      assertThat(row.usage().tokens().promptTokens()).isEqualTo(11);
      assertThat(row.chargeNanoUsd()).isEqualTo(11 * 500 + 3 * 1_000);
      assertThat(row.chargeState()).isEqualTo(ChargeState.COMPUTED);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CHAT,false", "MESSAGES,false", "RESPONSES,false", "GEMINI,false", "GEMINI_ARRAY,false",
    "CHAT,true", "MESSAGES,true", "RESPONSES,true", "GEMINI,true", "GEMINI_ARRAY,true"
  })
  void afterAKeepAliveAFailureOfAllIsAnEvent(Client client, boolean opened) throws Exception {
    Semaphore heard = new Semaphore(0);
    try (RawUpstream one = failing(heard, opened);
        RawUpstream two = new RawUpstream(RawUpstream.Connection::read);
        TwoUpstreams gateway = new TwoUpstreams(one.uri(), two.uri(), timeouts());
        RawClient asking = gateway.client()) {
      gateway.post(asking, client.path, client.body());
      assertThat(asking.readHead().status()).isEqualTo(200);
      assertThat(asking.chunk()).isEqualTo(client.keepAlive);
      heard.release();
      String told = client == Client.RESPONSES ? rest(asking) : untilItBreaksOff(asking);

      assertThat(times(told, "provider 'two' broke the connection")).as(told).isOne();
      assertThat(told).doesNotContain(client.terminal).doesNotContain(client.opening());
      if (client == Client.GEMINI_ARRAY) {
        assertThat(JsonMapper.shared().readTree(told).at("/0/error").isObject()).as(told).isTrue();
      }
      RequestRow row = only(gateway);
      assertThat(row.status()).isEqualTo(RequestStatus.FAILED);
      assertThat(row.httpStatus()).isEqualTo(200);
      assertThat(row.code()).contains("upstream_error");
      assertThat(row.attempts()).isEqualTo(2);
      // What had begun may be billed by whom it was begun by.
      assertThat(row.providerId()).contains(opened ? "one" : "two");
      assertThat(row.chargeState())
          .isEqualTo(opened ? ChargeState.ESTIMATED : ChargeState.NOT_CHARGED);
    }
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void anAnswerThatPausesIsKeptAlive(Client client) throws Exception {
    Semaphore heard = new Semaphore(0);
    try (RawUpstream one =
            new RawUpstream(connection -> {
              connection.read();
              connection.send(HEAD);
              connection.chunk(OPENING);
              connection.chunk(event("{\"content\":\"fi\"}", "null"));
              heard.acquireUninterruptibly();
              connection.chunk(event("{\"content\":\"ne\"}", "null"));
              end(connection);
            });
        RawUpstream two = new RawUpstream(KeepAliveTest::answer);
        TwoUpstreams gateway = new TwoUpstreams(one.uri(), two.uri(), timeouts());
        RawClient asking = gateway.client()) {
      gateway.post(asking, client.path, client.body());
      asking.readHead();
      String chunk = asking.chunk();
      while (!chunk.contains("fi")) {
        chunk = asking.chunk();
      }
      assertThat(asking.chunk()).isEqualTo(client.keepAlive);
      heard.release();
      String after = rest(asking);
      assertThat(after).contains("ne", client.terminal).doesNotContain("provider 'one'");
      assertThat(only(gateway).attempts()).isOne();
      assertThat(two.requests()).isEmpty();
    }
  }

  @Test
  void whoWantsAWholeAnswerHearsNothingBeforeIt() throws Exception {
    Semaphore asked = new Semaphore(0);
    try (RawUpstream one =
            new RawUpstream(connection -> {
              connection.read();
              asked.release();
              connection.awaitEnd();
            });
        RawUpstream two =
            new RawUpstream(connection -> {
              connection.read();
              connection.answer(
                  "{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,"
                      + "\"message\":{\"role\":\"assistant\",\"content\":\"fine\"},\"finish_reason\":\"stop\"}],"
                      + "\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":3}}");
            });
        TwoUpstreams gateway =
            new TwoUpstreams(
                one.uri(),
                two.uri(),
                new UpstreamTimeouts(
                    Duration.ofSeconds(5),
                    Duration.ofMillis(400),
                    Duration.ofMillis(400),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(60)));
        RawClient asking = gateway.client()) {
      gateway.post(
          asking, Client.CHAT.path, Client.CHAT.body().replace("\"stream\":true", "\"n\":1"));
      Answer answer = asking.read();
      asked.acquire();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("content-type")).isEqualTo("application/json");
      assertThat(answer.header("x-bitrouter-provider")).isEqualTo("two");
      assertThat(answer.header("x-bitrouter-attempts")).isEqualTo("2");
      assertThat(answer.body()).startsWith("{").contains("fine");
    }
  }

  /** One that says nothing, or nothing but how an answer begins, and leaves when it may. */
  private static RawUpstream failing(Semaphore heard, boolean opened) throws IOException {
    return new RawUpstream(connection -> {
      connection.read();
      if (opened) {
        connection.send(HEAD);
        connection.chunk(OPENING);
      }
      heard.acquireUninterruptibly();
    });
  }

  private static void answer(RawUpstream.Connection connection) throws IOException {
    connection.read();
    connection.send(HEAD);
    connection.chunk(OPENING);
    connection.chunk(event("{\"content\":\"fine\"}", "null"));
    end(connection);
  }

  private static void end(RawUpstream.Connection connection) throws IOException {
    connection.chunk(event("{}", "\"stop\""));
    connection.chunk(USAGE);
    connection.chunk("data: [DONE]\n\n");
    connection.send("0\r\n\r\n");
  }

  private static String event(String delta, String finish) {
    return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":["
        + "{\"index\":0,\"delta\":"
        + delta
        + ",\"finish_reason\":"
        + finish
        + "}]}\n\n";
  }

  private static String rest(RawClient client) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String next = client.chunk(); !next.isEmpty(); next = client.chunk()) {
      all.append(next);
    }
    return all.toString();
  }

  /** What is told of a failure to clients that may pass over it. */
  private static String untilItBreaksOff(RawClient client) throws IOException {
    StringBuilder all = new StringBuilder();
    while (true) {
      try {
        String next = client.chunk();
        assertThat(next).as("broken off after " + all).isNotEmpty();
        all.append(next);
      } catch (EOFException brokenOff) {
        return all.toString();
      }
    }
  }

  private static int times(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  private static RequestRow only(TwoUpstreams gateway) {
    assertThat(gateway.rows()).hasSize(1);
    return gateway.rows().getFirst();
  }
}
