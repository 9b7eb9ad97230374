package io.bitrouter.node.edge;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate made with the JDK's keytool. */
public final class TestCertificate {
  private static final char[] PASSWORD = "password".toCharArray();

  private final KeyStore store;

  private TestCertificate(KeyStore store) {
    this.store = store;
  }

  /** A certificate for {@code name}, such as {@code dns:localhost}, made below {@code folder}. */
  public static TestCertificate make(Path folder, String name) throws Exception {
    Path file = Files.createTempFile(folder, "key", ".p12");
    Files.delete(file);
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "k",
                "-dname",
                "CN=test",
                "-ext",
                "san=" + name,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException(output);
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return new TestCertificate(store);
  }

  public Certificate certificate() throws GeneralSecurityException {
    return store.getCertificate("k");
  }

  /** Writes both PEM files, each in one step. */
  public TlsFiles write(Path folder) throws Exception {
    TlsFiles files = new TlsFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    pem(files.key(), "PRIVATE KEY", store.getKey("k", PASSWORD).getEncoded());
    pem(files.certificate(), "CERTIFICATE", certificate().getEncoded());
    return files;
  }

  /** A context of a client that trusts this certificate alone. */
  public SSLContext trusting() throws Exception {
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("k", certificate());
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trust);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  /** A context of a server that has this certificate. */
  public SSLContext serving() throws Exception {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static void pem(Path file, String type, byte[] der) throws IOException {
    Path made = file.resolveSibling(file.getFileName() + ".new");
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        made, "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
    Files.move(made, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
