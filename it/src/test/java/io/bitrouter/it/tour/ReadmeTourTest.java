package io.bitrouter.it.tour;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.testkit.NodeSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README's five minutes work as written; {@link Tour} explains the marks. */
@Timeout(120)
class ReadmeTourTest {

  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

  @TempDir private Path folder;

  @Test
  void theTourInTheReadmeWorks() throws IOException {
    Path root = NodeSetup.launcher().getParent();
    List<Tour.Step> steps = Tour.steps(Files.readString(root.resolve("README.md")));
    assertThat(steps).as("steps in README.md").isNotEmpty();

    long begun = System.nanoTime();
    List<String> problems = take(steps, root, folder);

    assertThat(problems).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(FIVE_MINUTES);
  }

  /** Takes the tour; what was not as the text says, step by step. */
  static List<String> take(List<Tour.Step> steps, Path root, Path folder) throws IOException {
    List<String> problems = new ArrayList<>();
    try (TourShell shell = TourShell.open(root, folder)) {
      for (Tour.Step step : steps) {
        TourShell.Ran ran = shell.run(step.commands());
        String where = "line " + step.line() + ": ";
        if (ran.exit() != step.exit()) {
          problems.add(where + "ended with " + ran.exit() + "\n" + ran.output());
        } else if (step.exit() == 0 && ran.failed() != 0) {
          problems.add(where + "a command ended with " + ran.failed() + "\n" + ran.output());
        }
        if (step.output().isPresent() && !Shown.same(step.output().get(), ran.output())) {
          problems.add(
              where
                  + "shows something else\nsaid\n"
                  + Shown.masked(step.output().get())
                  + "\nshown\n"
                  + Shown.masked(ran.output()));
        }
      }
    }
    return problems;
  }
}
