package io.bitrouter.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bitrouter.node.edge.NoLeaks;
import io.bitrouter.node.edge.RawClient;
import io.bitrouter.node.edge.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(NoLeaks.class)
class UpstreamClientTest {
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  private static Gateway gateway(RawUpstream upstream) throws Exception {
    return new Gateway(upstream.uri(), Gateway.shortTimeouts(), OnDisconnect.CANCEL);
  }

  @Test
  void connectionsAreReused() throws Exception {
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              while (connection.read()) {
                connection.answer("answer");
              }
            });
        Gateway gateway = gateway(upstream);
        RawClient client = gateway.client()) {
      for (int i = 0; i < 20; i++) {
        assertThat(client.post("/collect", "question " + i).read().body()).isEqualTo("answer");
        assertThat(gateway.outcome()).isEqualTo("WHOLE 1 6");
      }
      assertThat(upstream.accepted()).isEqualTo(1);
      String request = upstream.requests().peek();
      assertThat(request)
          .startsWith(
              "POST /v1/chat?beta=true HTTP/1.1\r\nhost: "
                  + upstream.uri().getAuthority()
                  + "\r\ncontent-length: 10\r\n")
          .contains("authorization: Bearer test\r\n", "accept-encoding: identity\r\n")
          .doesNotContain("elsewhere", "gzip")
          .endsWith("\r\n\r\nquestion 0");
    }
  }

  @Test
  void largeBodiesGoBothWays() throws Exception {
    String large = "q".repeat(5_000_000);
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              while (connection.read()) {
                connection.answer("a".repeat(Gateway.COLLECT_LIMIT));
              }
            });
        Gateway gateway = gateway(upstream);
        RawClient client = gateway.client()) {
      assertThat(client.post("/collect", large).read().body()).hasSize(Gateway.COLLECT_LIMIT);
      assertThat(upstream.requests().peek()).endsWith(large);
    }
  }

  @Test
  void anAnswerLargerThanTheBoundIsInvalid() throws Exception {
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              connection.read();
              connection.send("HTTP/1.1 200 OK\r\n\r\n");
              while (true) {
                connection.send("endless ".repeat(1_000));
              }
            });
        Gateway gateway = gateway(upstream);
        RawClient client = gateway.client()) {
      assertThat(client.post("/collect", "q").read().body()).isEqualTo("INVALID");
      assertThat(gateway.outcome()).startsWith("INVALID 1 ");
    }
  }

  @Test
  void interimAnswersAndRedirectsAreNotFollowed() throws Exception {
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              while (connection.read()) {
                connection.send(
                    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
                        + "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 2\r\n\r\nno");
              }
            });
        Gateway gateway = gateway(upstream);
        RawClient client = gateway.client()) {
      RawClient.Answer answer = client.post("/collect", "q").read();
      assertThat(answer.status()).isEqualTo(302);
      assertThat(answer.body()).isEqualTo("no");
      assertThat(client.post("/collect", "q").read().body()).isEqualTo("no");
      assertThat(upstream.accepted()).isEqualTo(1);
    }
  }

  static Stream<Arguments> brokenAnswers() {
    return Stream.of(
        Arguments.of("INVALID", "garbage\r\n\r\n"),
        Arguments.of("INVALID", "SSH-2.0-OpenSSH_9.9\r\n"),
        Arguments.of("INVALID", "HTTP/1.1 200 OK\r\nA" + "b".repeat(70_000)),
        Arguments.of("INVALID", "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(30_000)),
        Arguments.of("INVALID", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
        Arguments.of(
            "INVALID", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx"),
        Arguments.of(
            "INVALID",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Arguments.of(
            "INVALID", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"),
        Arguments.of("INVALID", CHUNKED + "zz\r\n"),
        Arguments.of("BROKEN", ""),
        Arguments.of("BROKEN", "HTTP/1.1 20"),
        Arguments.of("BROKEN", "HTTP/1.1 200 OK\r\nContent-Le"),
        Arguments.of("BROKEN", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
        Arguments.of("BROKEN", CHUNKED + "4\r\nhalf\r\n"));
  }

  @ParameterizedTest
  @MethodSource("brokenAnswers")
  void brokenAnswersAreFailuresAndNeverSentTwice(String failure, String answer) throws Exception {
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              connection.read();
              connection.send(answer);
            });
        Gateway gateway = gateway(upstream);
        RawClient client = gateway.client()) {
      assertThat(client.post("/collect", "q").read().body()).isEqualTo(failure);
      assertThat(upstream.requests()).hasSize(1);
    }
  }

  @Test
  void aResetIsBroken() throws Exception {
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              connection.read();
              if (connection.number() == 1) {
                // Close delimited: only the reset tells that this is not the end.
                connection.send("HTTP/1.1 200 OK\r\n\r\nhalf");
                connection.read();
              }
              connection.reset();
            });
        Gateway gateway = gateway(upstream);
        RawClient client = gateway.client()) {
      assertThat(client.post("/collect", "q").read().body()).isEqualTo("BROKEN");
      assertThat(gateway.outcome()).isEqualTo("BROKEN");
      assertThat(upstream.requests()).hasSize(1);
    }
  }

  @Test
  void anUpstreamThatIsSilentOrSlowTimesOut() throws Exception {
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              connection.read();
              switch (connection.number()) {
                case 0 -> {}
                case 1 -> connection.send("HTTP/1.1 200 OK\r\n\r\nsome");
                default -> {
                  connection.send("HTTP/1.1 200 OK\r\n\r\n");
                  drip(connection);
                }
              }
              connection.awaitEnd();
            });
        Gateway gateway = gateway(upstream);
        RawClient client = gateway.client()) {
      client.post("/collect", "q").read();
      assertThat(gateway.outcome()).isEqualTo("TIMEOUT");
      client.post("/collect", "q").read();
      assertThat(gateway.outcome()).isEqualTo("TIMEOUT 1 4");
      client.post("/collect", "q").read();
      assertThat(gateway.outcome()).startsWith("TIMEOUT 1 ");
      assertThat(upstream.requests()).hasSize(3);
    }
  }

  /** Sends faster than the idle bound, for longer than the total one. */
  private static void drip(RawUpstream.Connection connection) throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    try {
      while (!never.await(20, TimeUnit.MILLISECONDS)) {
        connection.send("d");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aStalePooledConnectionIsRetriedOnce() throws Exception {
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              // The first connection takes a second request and dies without a word.
              connection.read();
              connection.answer("one");
              connection.read();
              if (connection.number() > 0) {
                connection.answer("two");
                connection.read();
              }
            });
        Gateway gateway =
            new Gateway(upstream.uri(), UpstreamTimeouts.defaults(), OnDisconnect.CANCEL);
        RawClient client = gateway.client()) {
      assertThat(client.post("/collect", "a").read().body()).isEqualTo("one");
      assertThat(gateway.outcome()).isEqualTo("WHOLE 1 3");
      assertThat(client.post("/collect", "b").read().body()).isEqualTo("one");
      assertThat(gateway.outcome()).isEqualTo("WHOLE 2 3");
      assertThat(upstream.requests()).hasSize(3);
    }
  }

  @Test
  void aPooledConnectionThatDiesAfterTheFirstByteIsNotRetried() throws Exception {
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              connection.read();
              connection.answer("one");
              connection.read();
              connection.send("H");
            });
        Gateway gateway = gateway(upstream);
        RawClient client = gateway.client()) {
      client.post("/collect", "a").read();
      assertThat(client.post("/collect", "b").read().body()).isEqualTo("BROKEN");
      assertThat(upstream.requests()).hasSize(2);
    }
  }

  @Test
  void aConnectionThatIsClosedWhileIdleIsNotUsed() throws Exception {
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              connection.read();
              connection.answer("one");
            });
        Gateway gateway = gateway(upstream);
        RawClient client = gateway.client()) {
      for (int i = 1; i <= 3; i++) {
        assertThat(client.post("/collect", "a").read().body()).isEqualTo("one");
      }
      assertThat(upstream.requests()).hasSizeBetween(3, 5);
    }
  }

  @Test
  void anIdleConnectionIsClosedAfterAWhile() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              connection.read();
              connection.answer("one");
              connection.awaitEnd();
              ended.countDown();
            });
        Gateway gateway = gateway(upstream);
        RawClient client = gateway.client()) {
      client.post("/collect", "a").read();
      await().until(() -> ended.getCount() == 0);
    }
  }

  @Test
  void anUnreadAnswerCutsTheConnection() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              connection.read();
              connection.send(CHUNKED);
              connection.chunk("begin");
              connection.awaitEnd();
              ended.countDown();
            });
        Gateway gateway = gateway(upstream);
        RawClient client = gateway.client()) {
      assertThat(client.post("/ignore", "a").read().status()).isEqualTo(200);
      await().until(() -> ended.getCount() == 0);
    }
  }

  @Test
  void nobodyThereIsUnreachable() throws Exception {
    ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    closed.close();
    for (String host : new String[] {"127.0.0.1", "no-such-name.invalid"}) {
      URI nowhere = URI.create("http://" + host + ":" + closed.getLocalPort() + "/");
      try (Gateway gateway =
              new Gateway(nowhere, UpstreamTimeouts.defaults(), OnDisconnect.CANCEL);
          RawClient client = gateway.client()) {
        assertThat(client.post("/collect", "q").read().body()).isEqualTo("UNREACHABLE");
      }
    }
  }

  @Test
  void anUpstreamThatDoesNotAcceptIsUnreachableInTime() throws Exception {
    // A backlog of one, filled, makes the kernel ignore the next connection.
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RawClient first = new RawClient(new Socket(full.getInetAddress(), full.getLocalPort()));
        RawClient second = new RawClient(new Socket(full.getInetAddress(), full.getLocalPort()));
        Gateway gateway =
            new Gateway(
                URI.create("http://127.0.0.1:" + full.getLocalPort() + "/"),
                Gateway.shortTimeouts(),
                OnDisconnect.CANCEL);
        RawClient client = gateway.client()) {
      assertThat(first.socket().isConnected() && second.socket().isConnected()).isTrue();
      assertThat(client.post("/collect", "q").read().body()).isEqualTo("UNREACHABLE");
    }
  }

  @Test
  void everyAddressOfANameIsTried() throws Exception {
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              connection.read();
              connection.answer("here");
            });
        Gateway gateway =
            new Gateway(
                upstream.uri("several.test"), UpstreamTimeouts.defaults(), OnDisconnect.CANCEL);
        RawClient client = gateway.client()) {
      assertThat(client.post("/collect", "q").read().body()).isEqualTo("here");
    }
  }

  @Test
  void tlsVerifiesTheName(@TempDir Path folder) throws Exception {
    TestCertificate certificate = TestCertificate.make(folder, "dns:localhost");
    try (RawUpstream upstream =
        new RawUpstream(
            certificate.serving().getServerSocketFactory().createServerSocket(0),
            "https",
            connection -> {
              while (connection.read()) {
                connection.answer("secret");
              }
            })) {
      String[] hosts = {"localhost", "127.0.0.1"};
      String[] bodies = {"secret", "UNREACHABLE"};
      for (int i = 0; i < hosts.length; i++) {
        try (Gateway gateway = new Gateway(upstream.uri(hosts[i]), certificate.trusting());
            RawClient client = gateway.client()) {
          assertThat(client.post("/collect", "q").read().body()).isEqualTo(bodies[i]);
          assertThat(client.post("/collect", "q").read().body()).isEqualTo(bodies[i]);
        }
      }
      try (Gateway gateway = new Gateway(upstream.uri("localhost"), SSLContext.getDefault());
          RawClient client = gateway.client()) {
        assertThat(client.post("/collect", "q").read().body()).isEqualTo("UNREACHABLE");
      }
    }
  }
}
