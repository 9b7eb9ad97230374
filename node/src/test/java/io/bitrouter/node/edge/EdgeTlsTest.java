package io.bitrouter.node.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bitrouter.core.kernel.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
class EdgeTlsTest {
  private static TestCertificate first;
  private static TestCertificate second;
  private static TestCertificate third;

  @TempDir private Path folder;

  private EventLoops loops;
  private EdgeServer server;
  private InetSocketAddress address;

  @BeforeAll
  static void makeCertificates(@TempDir Path keys) throws Exception {
    first = TestCertificate.make(keys, "dns:localhost");
    second = TestCertificate.make(keys, "dns:localhost");
    third = TestCertificate.make(keys, "dns:localhost");
  }

  @BeforeEach
  void start() throws Exception {
    loops = EventLoops.open(EventLoops.Transport.AUTO, 1);
    server = server();
    address =
        server.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.of(first.write(folder)));
  }

  @AfterEach
  void stop() {
    server.close(Duration.ofSeconds(5));
    loops.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void servesOverTls(String protocol) throws Exception {
    SSLSocket socket = connect(first);
    socket.setEnabledProtocols(new String[] {protocol});
    try (RawClient client = new RawClient(socket)) {
      String large = "x".repeat(1_000_000);
      assertThat(client.post("/", large).read().body()).isEqualTo(large);
      client.send("GET / HTTP/1.1\r\nHost: x\r\n A: b\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(400);
      assertThat(client.atEnd()).isTrue();
      assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
    }
  }

  @Test
  void plainTextIsNotServed() throws Exception {
    try (RawClient client = RawClient.to(address)) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      // A TLS alert at most, never an HTTP answer.
      assertThat(client.socket().getInputStream().readNBytes(4)).isNotEqualTo("HTTP".getBytes());
    }
  }

  @Test
  void changedFilesAreUsedAndBrokenOnesAreNot() throws Exception {
    second.write(folder);
    await().untilAsserted(() -> assertThat(served()).isEqualTo(second.certificate()));
    Files.writeString(folder.resolve("cert.pem"), "this is not a certificate, and longer");
    assertThat(served()).isEqualTo(second.certificate());
    third.write(folder);
    await().untilAsserted(() -> assertThat(served()).isEqualTo(third.certificate()));
  }

  @Test
  void aKeyThatIsNoneIsNamed() throws IOException {
    Files.writeString(folder.resolve("key.pem"), "nothing");
    EdgeServer other = server();
    TlsFiles files = new TlsFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    assertThatThrownBy(() -> other.start(new InetSocketAddress(0), Optional.of(files)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("key.pem")
        .hasMessageContaining("PKCS #8");
  }

  private EdgeServer server() {
    return new EdgeServer(
        loops,
        new EdgeContext(
            EdgeLimits.defaults(), Ticker.system(), new SecureRandom(), RunningEdge::echo),
        Duration.ofMillis(20));
  }

  private SSLSocket connect(TestCertificate trusted) throws Exception {
    return (SSLSocket)
        trusted.trusting().getSocketFactory().createSocket(address.getAddress(), address.getPort());
  }

  private Object served() throws Exception {
    SSLContext any = SSLContext.getInstance("TLS");
    any.init(null, new TrustManager[] {new TrustsAll()}, null);
    try (SSLSocket socket =
        (SSLSocket) any.getSocketFactory().createSocket(address.getAddress(), address.getPort())) {
      socket.startHandshake();
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
