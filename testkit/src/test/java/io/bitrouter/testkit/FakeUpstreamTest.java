package io.bitrouter.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.testkit.UpstreamScript.Fault;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FakeUpstreamTest {

  @TempDir private Path folder;
  private FakeUpstream upstream = FakeUpstream.start();

  @BeforeEach
  void withABill() throws IOException {
    upstream.close();
    upstream = FakeUpstream.startWithBill(folder.resolve("bill"));
  }

  @AfterEach
  void close() {
    upstream.close();
  }

  @Test
  void answersChatInFullAndOnTheSameConnection() throws IOException {
    try (Connection connection = new Connection()) {
      assertThat(connection.ask("/v1/chat/completions", "mk-1", false))
          .contains("\"content\":\"word word word \"", "\"prompt_tokens\":11");
      assertThat(connection.ask("/v1/messages", "mk-2", false))
          .contains("\"type\":\"message\"", "\"input_tokens\":11");
    }

    assertThat(upstream.connections()).isOne();
    assertThat(upstream.requests()).hasSize(2);
    // The bill is finished after the last byte has been sent.
    Awaitility.await()
        .untilAsserted(() ->
            assertThat(Bill.read(folder.resolve("bill")).get("mk-2"))
                .containsExactly(new Bill.Item("mk-2", 11, 3, Bill.End.COMPLETE)));
  }

  @Test
  void streamsEndWithTheirTerminalEvent() throws IOException {
    try (Connection connection = new Connection()) {
      assertThat(connection.ask("/v1/chat/completions", "mk-1", true)).endsWith("[DONE]\n\n");
      assertThat(connection.ask("/v1/messages", "mk-2", true))
          .startsWith("event: message_start")
          .endsWith("data: {\"type\":\"message_stop\"}\n\n");
    }
  }

  @Test
  void aStreamBrokenOffIsBilledByWhatWasProduced() throws IOException {
    upstream.answer(UpstreamScript.ok().failing(Fault.CLOSE, 2));
    try (Connection connection = new Connection()) {
      assertThatThrownBy(() -> connection.ask("/v1/chat/completions", "mk-1", true))
          .isInstanceOf(EOFException.class);
    }

    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(Bill.read(folder.resolve("bill")).get("mk-1"))
                .containsExactly(new Bill.Item("mk-1", 11, 2, Bill.End.BROKEN)));
  }

  @Test
  void noticesThatThePeerOfAHangingAnswerHasGone() throws IOException {
    upstream.answer(UpstreamScript.ok().failing(Fault.HANG));
    try (Connection connection = new Connection()) {
      connection.send("/v1/chat/completions", "mk-1", true);
      upstream.awaitRequests(1);
    }

    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> upstream.broken() == 1);
  }

  @Test
  void refusesInTheEnvelopeOfTheProtocol() throws IOException {
    upstream.answer(UpstreamScript.refusing(429, "slow down").withHeader("retry-after", "7"));
    try (Connection connection = new Connection()) {
      assertThat(connection.ask("/v1/messages", "mk-1", false))
          .contains("\"type\":\"rate_limit_error\"", "slow down");
      assertThat(connection.head.status()).isEqualTo(429);
      assertThat(connection.head.header("Retry-After")).contains("7");
    }
  }

  private final class Connection implements AutoCloseable {
    private final Socket socket;
    private final HttpReader reader;
    private HttpReader.Head head = new HttpReader.Head("", List.of());

    Connection() throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), upstream.port());
      reader = new HttpReader(socket.getInputStream());
    }

    String ask(String path, String marker, boolean stream) throws IOException {
      send(path, marker, stream);
      head = reader.head().orElseThrow(EOFException::new);
      return new String(reader.body(head), StandardCharsets.UTF_8);
    }

    void send(String path, String marker, boolean stream) throws IOException {
      String body = "{\"model\":\"m\",\"stream\":" + stream + ",\"user\":\"" + marker + "\"}";
      String request =
          "POST " + path + " HTTP/1.1\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
