package io.bitrouter.it.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.BookedRow;
import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.node.RawConnection;
import io.bitrouter.testkit.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are too large, malformed, or meant to be read in two ways. */
final class HostileRequestsTest {

  private static final int LIMIT = 16 << 20;

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  @ParameterizedTest
  @EnumSource(Dialects.class)
  void aBodyThatIsAnnouncedTooLargeIsRefusedUnread(Dialects dialect) throws Exception {
    try (RawConnection client = connect()) {
      client.send(head(dialect.path, "Content-Length: " + (LIMIT + 1)));
      Reply reply = client.reply().mustBe(413);
      assertThat(error(reply)).isEqualTo("request_too_large");
      assertThat(reply.header("x-bitrouter-namespace")).isPresent();
      assertThat(client.closedByNode()).isTrue();
    }
    nothingSent(413, "request_too_large");
  }

  @Test
  void aChunkedBodyIsRefusedWhereItGetsTooLarge() throws Exception {
    byte[] chunk = ("10000\r\n" + " ".repeat(1 << 16) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    try (RawConnection client = connect()) {
      client.send(head("/v1/chat/completions", "Transfer-Encoding: chunked"));
      try {
        for (int i = 0; i < LIMIT / (1 << 16) + 2; i++) {
          client.send(chunk);
        }
        client.replyWithoutBody();
      } catch (SocketException refusedMeanwhile) {
        // The node need not read what it has refused; its answer may be lost with the connection.
      }
    }
    nothingSent(413, "request_too_large");
  }

  @Test
  void aBodyAtTheLimitIsServed() {
    String start = "{\"model\":\"fake-chat\",\"pad\":\"";
    String body = start + "x".repeat(LIMIT - start.length() - 2) + "\"}";
    WORLD.client().post("/v1/chat/completions", body).mustBe(200);
    assertThat(WORLD.upstream().onlyRequest().body()).hasSize(LIMIT);
    WORLD.ledger().only().ended("succeeded", 200).used("reported", 11, 3).charged("computed");
  }

  @Test
  void aGzipBombIsRefused() throws Exception {
    byte[] bomb = gzip(new byte[LIMIT + 1_000]);
    assertThat(bomb.length).isLessThan(1 << 16);
    WORLD
        .client()
        .send("POST", "/v1/chat/completions", bomb, Map.of("content-encoding", "gzip"))
        .mustBe(413);
    nothingSent(413, "request_too_large");
  }

  @ParameterizedTest
  @EnumSource(Dialects.class)
  void aGzipBodyIsDecoded(Dialects dialect) throws Exception {
    String body = dialect.body(true);
    WORLD
        .client()
        .send(
            "POST",
            dialect.path,
            gzip(body.getBytes(StandardCharsets.UTF_8)),
            Map.of("content-encoding", "gzip"))
        .mustBe(200);
    assertThat(WORLD.upstream().onlyRequest().header("content-encoding")).isEmpty();
    assertThat(WORLD.upstream().onlyRequest().json().path("model").asString())
        .isEqualTo(dialect.model());
    BookedRow row = WORLD.ledger().only().ended("succeeded", 200);
    row.used("reported", 11, 3).charged("computed");
    assertThat(row.json().at("/decision/input_bytes").asInt()).isEqualTo(body.length());
  }

  @ParameterizedTest
  @CsvSource({"br,415", "'gzip, gzip',415", "zstd,415", "gzip,400"})
  void otherEncodingsAndBrokenOnesAreRefused(String encoding, int status) {
    Reply reply =
        WORLD
            .client()
            .send(
                "POST",
                "/v1/messages",
                Dialects.MESSAGES.body(false),
                Map.of("content-encoding", encoding))
            .mustBe(status);
    assertThat(reply.json().path("type").asString()).isEqualTo("error");
    nothingSent(status, status == 415 ? "unsupported_media_type" : "invalid_request");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"model\":\"fake-chat\",}|line 1, column 22",
        "{\"model\":\"fake-chat\",~ \"x\": tru}|line 2, column",
        "{\"model\":\"fake-chat\"|not valid JSON",
        "[]|an array",
        "nonsense|not valid JSON",
        "{\"model\":\"fake-chat\"}{\"model\":\"fake-chat\"}|follows the JSON object",
        "{\"model\":\"fake-chat\",\"model\":\"unpriced-chat\"}|'model' occurs twice",
        "{\"model\":\"fake-chat\",\"mod\\u0065l\":\"unpriced-chat\"}|'model' occurs twice",
        "{\"model\":\"fake-chat\",\"stream\":true,\"stream\":false}|'stream' occurs twice",
        "{\"model\":\"fake-chat\",\"zz\":1,\"zz\":2}|'zz' occurs twice",
        "{\"model\":7}|must be a string",
        "{}|required",
        "{\"model\":\"fake-chat\",\"max_tokens\":-1}|'max_tokens'"
      })
  void whatIsNotARequestIsRefusedWithItsPlace(String body, String message) {
    for (Dialects dialect : Dialects.values()) {
      Reply reply = WORLD.client().post(dialect.path, body.replace('~', '\n')).mustBe(400);
      assertThat(reply.json().at("/error/message").asString()).contains(message);
    }
    for (BookedRow row : WORLD.ledger().rows(2)) {
      row.ended("denied", 400, "invalid_request").free();
    }
    assertThat(WORLD.upstream().requests()).isEmpty();
  }

  @Test
  void textThatIsNotUtf8IsRefusedWithItsPlace() {
    byte[] body =
        "{\"model\":\"fake-chat\",\"x\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
    Reply reply = WORLD.client().send("POST", "/v1/chat/completions", body, Map.of()).mustBe(400);
    assertThat(reply.json().at("/error/message").asString()).contains("UTF-8").contains("byte 26");
    nothingSent(400, "invalid_request");
  }

  @Test
  void anEmptyBodyIsRefused() {
    WORLD.client().post("/v1/chat/completions", "").mustBe(400);
    nothingSent(400, "invalid_request");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aHeaderBombIsRefused(boolean oneField) throws Exception {
    String bomb = oneField ? "X-Bomb: " + "x".repeat(70_000) : "X: y\r\n".repeat(300) + "X: y";
    try (RawConnection client = connect()) {
      client.send(head("/v1/chat/completions", "Content-Length: 2\r\n" + bomb) + "{}");
      client.reply().mustBe(431);
      assertThat(client.closedByNode()).isTrue();
    } catch (SocketException resetWhileSending) {
      // The node refuses before it has read all of it.
    }
    refusedUnread();
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
    String[] models = {"fake-chat", "none-1", "org/slashed", "none-2", "alias-chat"};
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String model : models) {
      all.write(
          RawConnection.request(
              "/v1/chat/completions", token(), Dialects.CHAT.body(model, model.contains("org"))));
    }
    List<String> ids = new ArrayList<>();
    try (RawConnection client = connect()) {
      client.send(all.toByteArray());
      for (String model : models) {
        Reply reply = client.reply();
        assertThat(reply.status()).isEqualTo(model.startsWith("none") ? 404 : 200);
        assertThat(reply.text()).contains(model.equals("alias-chat") ? "vendor-chat-1" : model);
        ids.add(reply.header("x-request-id").orElseThrow());
      }
    }
    assertThat(ids).doesNotHaveDuplicates();
    List<BookedRow> rows = WORLD.ledger().rows(models.length);
    for (int i = 0; i < models.length; i++) {
      BookedRow row = byId(rows, ids.get(i));
      assertThat(row.text("requested_model")).isEqualTo(models[i]);
      if (models[i].startsWith("none")) {
        row.ended("denied", 404, "model_not_found").free();
      } else {
        row.ended("succeeded", 200).used("reported", 11, 3).charged("computed");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 2\nContent-Length: 3",
        "Content-Length: 2\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\nContent-Length: 2",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: identity\nTransfer-Encoding: chunked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding:\u000bchunked",
        "Content-Length: +2",
        "Content-Length: -1",
        "Content-Length: 2, 2",
        "Content-Length: 0x2",
        "Content-Length: 99999999999999999999",
        "Content-Length : 2",
        "X: y\n Content-Length: 2",
        "X\u0000: y\nContent-Length: 2",
        "X: a\rTransfer-Encoding: chunked\nContent-Length: 2",
        "Host: other\nContent-Length: 2",
        "Content-Length: 2\nno colon here",
        ": no name\nContent-Length: 2"
      })
  void headsThatCanBeReadTwoWaysAreRefused(String lines) throws Exception {
    mustBeRefused(head("/v1/chat/completions", lines.replace("\n", "\r\n")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /v1/chat/completions HTTP/1.1\nHost: x\nContent-Length: 2\n\n",
        "POST  /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n",
        "POST /v1/chat/completions\r\nHost: x\r\nContent-Length: 2\r\n\r\n",
        "POST /v1/chat/completions HTTP/1.1 \r\nHost: x\r\nContent-Length: 2\r\n\r\n",
        "POST /v1/chat/completions HTTP/2.0\r\nHost: x\r\nContent-Length: 2\r\n\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 2\r\n\r\n",
        "POST v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n",
        "P(ST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
      })
  void requestLinesThatAreNotOnesAreRefused(String head) throws Exception {
    mustBeRefused(head.replace("\r\n\r\n", "\r\nAuthorization: Bearer " + token() + "\r\n\r\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"zz\r\n{}\r\n0\r\n\r\n", "-2\r\n{}\r\n", "2\r\n{}xx0\r\n\r\n", "2\n{}\n0\n\n"})
  void chunksThatAreNotOnesEndTheConnection(String chunks) throws Exception {
    try (RawConnection client = connect()) {
      client.send(head("/v1/chat/completions", "Transfer-Encoding: chunked") + chunks + second());
      try {
        assertThat(client.reply().status()).isEqualTo(400);
        assertThat(client.closedByNode()).isTrue();
      } catch (SocketException closedAtOnce) {
        // As good as an answer.
      }
    }
    assertThat(WORLD.upstream().requests()).isEmpty();
    BookedRow row = WORLD.ledger().only();
    assertThat(row.text("status")).isIn("denied", "cancelled");
    row.free();
  }

  @Test
  void nobodyWithoutAKeyGetsABodyBuffer() throws Exception {
    try (RawConnection client = connect()) {
      client.send(
          "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer brk_no.no\r\n"
              + "Content-Length: 10000000\r\n\r\n{");
      client.reply().mustBe(401);
    }
    refusedUnread();
  }

  @Test
  void aClientThatWaitsToBeAskedIsAskedAfterItsKeyWasChecked() throws Exception {
    String body = Dialects.CHAT.body(false);
    try (RawConnection client = connect()) {
      client.send(
          head(
              "/v1/chat/completions",
              "Content-Length: " + body.length() + "\r\nExpect: 100-continue"));
      assertThat(client.head().status()).isEqualTo(100);
      client.send(body);
      client.reply().mustBe(200);
    }
    WORLD.ledger().only().ended("succeeded", 200).used("reported", 11, 3).charged("computed");
  }

  private static void mustBeRefused(String head) throws IOException {
    try (RawConnection client = connect()) {
      client.send(head + "{}" + second());
      try {
        Reply reply = client.reply();
        assertThat(reply.status()).isIn(400, 417, 505);
        assertThat(reply.header("x-request-id")).isPresent();
        assertThat(client.closedByNode()).isTrue();
      } catch (SocketException closedAtOnce) {
        // As good as an answer.
      }
    }
    refusedUnread();
  }

  /** A good request that must not be served behind one that was not understood. */
  private static String second() {
    return new String(
        RawConnection.request("/v1/chat/completions", token(), Dialects.CHAT.body(false)),
        StandardCharsets.UTF_8);
  }

  private static void refusedUnread() {
    assertThat(WORLD.upstream().requests()).isEmpty();
    WORLD.ledger().rows(0);
  }

  private static void nothingSent(int status, String code) {
    WORLD.ledger().only().ended("denied", status, code).free();
    assertThat(WORLD.upstream().requests()).isEmpty();
  }

  private static BookedRow byId(List<BookedRow> rows, String id) {
    return rows.stream().filter(row -> row.text("request_id").equals(id)).findFirst().orElseThrow();
  }

  private static String head(String path, String lines) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
        + token()
        + "\r\n"
        + lines
        + "\r\n\r\n";
  }

  private static String error(Reply reply) {
    return reply.json().at("/error/code").asString("");
  }

  private static String token() {
    return WORLD.key().token();
  }

  private static RawConnection connect() throws IOException {
    return RawConnection.to(WORLD.node().endpoint());
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    }
    return bytes.toByteArray();
  }
}
