package io.bitrouter.it.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.it.kill.Books.Row;
import io.bitrouter.testkit.NodeProcess;
import io.bitrouter.testkit.NodeSetup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** A copy of a node's home in which something has been changed behind the node's back. */
final class DoctoredHome {

  private DoctoredHome() {}

  /**
   * Stops the node of {@code world}, deletes one row in a copy of its home, starts a node on the
   * copy and compares its books with what really happened.
   */
  static List<Comparison.Hole> without(KillWorld world, String requestId)
      throws IOException, SQLException {
    world.node().stop();
    Path folder = Files.createTempDirectory("bitrouter-doctored-");
    copy(world.node().home(), folder.resolve("home"));
    delete(folder.resolve("home/bitrouter.db"), requestId);
    try (NodeProcess node = NodeProcess.start(NodeSetup.plain().in(folder))) {
      List<Row> rows = Books.all(world.client(node));
      return Comparison.of(
              world.answers(), world.bill(), rows, KillWorld.INPUT_NANOS, KillWorld.OUTPUT_NANOS)
          .holes();
    } finally {
      NodeProcess.deleteFolder(folder);
    }
  }

  private static void delete(Path database, String requestId) throws SQLException {
    Ulid ulid = RequestId.parse(requestId).orElseThrow().ulid();
    byte[] bytes = ByteBuffer.allocate(16).putLong(ulid.high()).putLong(ulid.low()).array();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        PreparedStatement delete =
            connection.prepareStatement("DELETE FROM request_row WHERE request_id = ?")) {
      delete.setBytes(1, bytes);
      assertThat(delete.executeUpdate()).as("rows of " + requestId + " deleted").isOne();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
