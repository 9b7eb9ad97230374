package io.bitrouter.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.FakeUpstream;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.Sightings;
import io.bitrouter.testkit.TestKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The main listener with a certificate of its own. */
final class TlsTest {

  private static final char[] PASSWORD = "password".toCharArray();

  @TempDir Path home;

  @Test
  void theMainListenerSpeaksTlsAndTheAdminListenerDoesNot() throws Exception {
    KeyStore store = certificate();
    Sightings sightings = new Sightings();
    try (FakeUpstream upstream = FakeUpstream.start()) {
      Files.writeString(
          home.resolve("bitrouter.yaml"),
          "server: {tls: {cert: cert.pem, key: key.pem}}\n" + NodeWorld.providers(upstream));
      RunningNode node =
          RunningNode.start(
              home, sightings, HttpClient.newBuilder().sslContext(trusting(store)).build());
      Neighbour neighbour;
      try (node) {
        neighbour = Neighbour.plant(node, sightings);
        speaksTls(node);
        neighbour.mustBeAsBefore(node, sightings);
      }
      neighbour.mustNotBeLogged(node, sightings);
    }
  }

  private void speaksTls(RunningNode node) throws Exception {
    assertThat(node.endpoint().getScheme()).isEqualTo("https");
    assertThat(
            JsonMapper.shared()
                .readTree(Files.readString(home.resolve("node.json")))
                .path("endpoint")
                .asString())
        .isEqualTo(node.endpoint().toString());
    node.anonymous().get("/health/ready").mustBe(200);
    TestKey key =
        node.mint(node.defaultNamespace(), "t", List.of("inference:invoke", "usage:read"));
    Reply stream =
        node.with(key.token())
            .post(
                "/v1/chat/completions", "{\"model\":\"fake-chat\",\"stream\":true,\"messages\":[]}")
            .mustBe(200);
    assertThat(stream.text()).endsWith("data: [DONE]\n\n");
    Ledger ledger = node.ledger(key);
    ledger.only().ended("succeeded", 200).used("reported", 11, 3).charged("computed");
    ledger.mustAddUp();
    plainTextGetsNothing(node);
    try (RawConnection admin = RawConnection.to(node.adminEndpoint())) {
      admin.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n").reply().mustBe(200);
    }
    try (HttpClient suspicious = HttpClient.newHttpClient()) {
      ControlClient stranger = ControlClient.of(suspicious, node.endpoint(), new Sightings());
      assertThatThrownBy(() -> stranger.get("/ping")).isInstanceOf(UncheckedIOException.class);
    }
  }

  private static void plainTextGetsNothing(RunningNode node) throws Exception {
    try (RawConnection plain = RawConnection.to(node.endpoint())) {
      plain.send("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThatThrownBy(plain::reply).isInstanceOf(IOException.class);
    }
  }

  /**
   * A self-signed certificate for 127.0.0.1 made with the JDK's keytool; its PEM files are in home.
   */
  private KeyStore certificate() throws Exception {
    Path file = home.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "k",
                "-dname",
                "CN=test",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes());
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    pem("key.pem", "PRIVATE KEY", store.getKey("k", PASSWORD).getEncoded());
    pem("cert.pem", "CERTIFICATE", store.getCertificate("k").getEncoded());
    return store;
  }

  private void pem(String name, String type, byte[] der) throws Exception {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        home.resolve(name),
        "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
  }

  private static SSLContext trusting(KeyStore store) throws Exception {
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("k", store.getCertificate("k"));
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trust);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }
}
