package io.bitrouter.it.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.isolation.LeakyFront.Passing;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsolationMatrixCanFailTest {

  @TempDir Path folder;

  private World world;

  @BeforeEach
  void start() throws Exception {
    world = World.start(folder.resolve("home"));
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void aRouteThatServesAForeignNamespaceIsFound() throws Exception {
    String path = "/v1/namespaces/";
    Function<Passing, Passing> hole =
        passing ->
            passing.method().equals("GET")
                    && passing.path().endsWith("/keys")
                    && passing.path().startsWith(path + neighbourId())
                ? passing.as(world.neighbour())
                : passing;

    assertThat(complaints(hole))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("GET /v1/namespaces/{nsid}/keys: "))
        .anyMatch(line -> line.contains("a foreign nsid=NAMESPACE is 404"));
    assertThat(world.sightings()).anyMatch(seen -> seen.contains(World.MARKER));
  }

  @Test
  void aRouteThatForgetsItsScopeIsFound() throws Exception {
    String full = world.neighbour();
    Function<Passing, Passing> hole =
        passing ->
            passing.path().equals("/v1/models") && passing.authorization().startsWith("Bearer brk_")
                ? new Passing(passing.method(), "/v1/models", "Bearer " + full, passing.body())
                : passing;

    assertThat(complaints(hole))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("GET /v1/models: "))
        .anyMatch(line -> line.contains("missing required scope: inference:invoke"));
  }

  @Test
  void aRouteThatTellsAForeignKeyFromARandomOneIsFound() throws Exception {
    Function<Passing, Passing> hole =
        passing ->
            passing.method().equals("GET")
                    && passing.path().contains("/keys/key_")
                    && isKeyOfTheNeighbour(passing.path())
                ? passing.to("/nowhere")
                : passing;

    assertThat(complaints(hole))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("GET /v1/namespaces/{nsid}/keys/{id}: "));
  }

  private List<String> complaints(Function<Passing, Passing> hole) throws Exception {
    try (LeakyFront front = new LeakyFront(world.endpoint(), hole)) {
      return world.matrix(front.endpoint()).check(world.routes());
    }
  }

  private boolean isKeyOfTheNeighbour(String path) {
    String id = path.substring(path.lastIndexOf('/') + 1);
    return world.neighbourHasKey(id);
  }

  private String neighbourId() {
    return world.neighbourId();
  }
}
