package io.bitrouter.it.canary;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.testkit.TwoNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The fixture with the neighbour would see each way in which the neighbour can be seen or touched.
 */
class NeighbourCanFailTest {

  private final TwoNamespaces world = new TwoNamespaces();

  @BeforeEach
  void plant() {
    world.beforeAll();
  }

  @AfterEach
  void clear() {
    world.afterAll();
  }

  @Test
  void nothingIsWrongWhenNothingWasDone() {
    world.client().get("/v1/namespaces/me/keys").mustBe(200);

    world.check();
  }

  @Test
  void seesANameThatReachedAClient() {
    world.node().client(world.decoy().key()).get("/v1/namespaces").mustBe(200);

    assertThatThrownBy(world::check).hasMessageContaining("the neighbour was seen");
  }

  @Test
  void seesANameInTheLog() throws IOException {
    Path log = world.node().home().resolve("logs/node.log");
    Files.writeString(
        log, "{\"message\":\"" + world.decoy().marker() + "\"}\n", StandardOpenOption.APPEND);

    assertThatThrownBy(world::check).hasMessageContaining("log: ");
  }

  @Test
  void seesARowThatWasAdded() {
    String body = "{\"display_name\":\"innocent\",\"scopes\":[\"usage:read\"]}";
    String keys = "/v1/node/namespaces/" + world.decoy().namespaceId() + "/keys";
    world.node().operator().post(keys, body).mustBe(200);

    assertThatThrownBy(world::check).hasMessageContaining("the neighbour's things have changed");
  }
}
