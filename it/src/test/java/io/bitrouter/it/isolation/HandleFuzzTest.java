package io.bitrouter.it.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandleFuzzTest {

  @TempDir Path folder;

  @Test
  void nothingThatIsNoIdOpensAnything() throws Exception {
    try (World world = World.start(folder.resolve("home"))) {
      String before = world.neighbourState();
      HandleFuzz fuzz = world.fuzz(world.endpoint());

      assertThat(fuzz.check(world.routes())).isEmpty();

      assertThat(fuzz.tried()).as("requests made").isGreaterThan(500);
      assertThat(world.sightings()).isEmpty();
      assertThat(world.neighbourState()).isEqualTo(before);
    }
  }
}
