package io.bitrouter.it.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.isolation.LeakyFront.Passing;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandleFuzzCanFailTest {

  @TempDir Path folder;

  /** As a node would that compares namespaces without regard to case. */
  @Test
  void anIdThatIsTakenInAnotherCaseIsFound() throws Exception {
    try (World world = World.start(folder.resolve("home"))) {
      String upper = world.neighbourId().toUpperCase(Locale.ROOT);
      Function<Passing, Passing> hole =
          passing ->
              passing.path().startsWith("/v1/namespaces/" + upper + "/keys")
                      && passing.method().equals("GET")
                  ? passing.as(world.neighbour()).to("/v1/namespaces/me/keys")
                  : passing;
      List<String> complaints = complaints(world, hole);

      // Each route reads the keys of the neighbour then.
      assertThat(complaints)
          .isNotEmpty()
          .allMatch(line -> line.startsWith("GET /v1/namespaces/{nsid}/keys"))
          .allMatch(line -> line.contains("with nsid=" + upper));
      assertThat(world.sightings()).anyMatch(seen -> seen.contains(World.MARKER));
    }
  }

  @Test
  void anIdOfAnotherKindThatIsTakenIsFound() throws Exception {
    try (World world = World.start(folder.resolve("home"))) {
      Function<Passing, Passing> hole =
          passing ->
              passing.method().equals("GET")
                      && passing.path().startsWith("/v1/namespaces/me/budgets/pb_")
                  ? passing.to("/v1/namespaces/me/budgets")
                  : passing;

      assertThat(complaints(world, hole))
          .isNotEmpty()
          .allMatch(line -> line.startsWith("GET /v1/namespaces/{nsid}/budgets/{id}"))
          .allMatch(line -> line.contains("with id=pb_"));
    }
  }

  private static List<String> complaints(World world, Function<Passing, Passing> hole)
      throws Exception {
    try (LeakyFront front = new LeakyFront(world.endpoint(), hole)) {
      return world.fuzz(front.endpoint()).check(world.routes());
    }
  }
}
