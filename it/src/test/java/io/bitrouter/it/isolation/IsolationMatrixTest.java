package io.bitrouter.it.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsolationMatrixTest {

  @TempDir Path folder;

  @Test
  void everyRouteKeepsEveryCredentialInItsNamespace() throws Exception {
    try (World world = World.start(folder.resolve("home"))) {
      String before = world.neighbourState();
      ApiDocument document = ApiDocument.of(world.endpoint());
      IsolationMatrix matrix = world.matrix(world.endpoint(), document::served);

      assertThat(matrix.check(world.routes())).isEmpty();

      assertThat(document.complaints()).isEmpty();
      assertThat(document.served()).as("answers compared with the document").isGreaterThan(50);
      assertThat(world.neighbourState()).isEqualTo(before);
      assertThat(matrix.tried()).as("requests made").isGreaterThan(200);
    }
  }
}
