package io.bitrouter.it.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hunt would find a secret: one is leaked into each kind of place. */
class SecretCanaryCanFailTest {

  private static final String SECRET = "sk-canary-4f1c9e7a2b";

  private final SecretHunt hunt = new SecretHunt();

  @TempDir private Path folder;

  @BeforeEach
  void aHomeWithoutALeak() throws IOException {
    hunt.add("provider key", SECRET);
    Files.createDirectories(folder.resolve("home/secrets"));
    Files.createDirectories(folder.resolve("home/logs"));
    Files.createDirectories(folder.resolve("home/journal"));
    Files.writeString(folder.resolve("home/secrets/provider"), SECRET);
    Files.writeString(folder.resolve("home/logs/node.log"), "{\"message\":\"listening\"}\n");
  }

  @Test
  void findsNothingWhereNothingWasLeaked() throws IOException {
    assertThat(found()).isEmpty();
  }

  @Test
  void findsASecretInALog() throws IOException {
    Files.writeString(
        folder.resolve("home/logs/node.log"), "{\"message\":\"refused: " + SECRET + "\"}\n");

    assertThat(found()).singleElement().asString().startsWith("provider key in home/logs");
  }

  @Test
  void findsASecretInADatabase() throws Exception {
    Path database = folder.resolve("home/bitrouter.db");
    store(database, "prefix " + SECRET);

    assertThat(found()).singleElement().asString().contains("home/bitrouter.db");
  }

  @Test
  void findsASecretBetweenOtherBytesOfAJournal() throws IOException {
    byte[] record = new byte[100];
    byte[] secret = SECRET.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(secret, 0, record, 40, secret.length);
    Files.write(folder.resolve("home/journal/00000001"), record);

    assertThat(found()).containsExactly("provider key in home/journal/00000001 at byte 40");
  }

  @Test
  void findsASecretThatWasEncoded() throws IOException {
    byte[] secret = SECRET.getBytes(StandardCharsets.US_ASCII);
    Files.writeString(
        folder.resolve("node.out"), "Basic " + Base64.getEncoder().encodeToString(secret));
    Files.writeString(folder.resolve("dump"), "0x" + HexFormat.of().formatHex(secret));

    assertThat(found()).hasSize(2);
  }

  @Test
  void findsTheContentOfASecretsFileElsewhere() throws IOException {
    byte[] pepper = HexFormat.of().parseHex("00ff10203040506070809000deadbeefdeadbeef");
    Files.write(folder.resolve("home/secrets/pepper"), pepper);
    SecretHunt files = new SecretHunt();
    files.addFiles(folder.resolve("home/secrets"));
    Files.write(folder.resolve("home/bitrouter.db"), pepper);

    assertThat(files.in(folder, List.of("home/secrets/")))
        .contains("pepper in home/bitrouter.db at byte 0");
  }

  private static void store(Path database, String text) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      boolean unused = statement.execute("CREATE TABLE audit (state_after TEXT)");
      try (PreparedStatement insert = connection.prepareStatement("INSERT INTO audit VALUES (?)")) {
        insert.setString(1, text);
        insert.executeUpdate();
      }
    }
  }

  private List<String> found() throws IOException {
    return hunt.in(folder, List.of("home/secrets/"));
  }
}
