package io.bitrouter.it.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.testkit.NodeSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tour would see a command that fails and an output that is not the one shown. */
class ReadmeTourCanFailTest {

  @TempDir private Path folder;

  @Test
  void acceptsWhatIsTrue() throws IOException {
    assertThat(
            problems(
                """
                Prose with a block that is not run:
                ```sh
                false
                ```
                <!-- tour -->
                ```sh
                word=there
                ```
                <!-- tour -->
                ```sh
                echo "hello $word at 2026-05-01T10:00:00Z for \\$0.42"
                echo two; echo three
                ```
                <!-- tour-output -->
                ```
                hello there at 2026-01-02T03:04:05.678Z   for $1.00
                …
                three
                ```
                <!-- tour exit=3 -->
                ```sh
                (exit 3)
                ```
                """))
        .isEmpty();
  }

  @Test
  void seesACommandThatFails() throws IOException {
    assertThat(problems("<!-- tour -->\n```sh\ntrue\n(exit 5)\n```\n"))
        .singleElement()
        .asString()
        .startsWith("line 3: ended with 5");
  }

  @Test
  void seesACommandThatFailsBeforeOneThatSucceeds() throws IOException {
    assertThat(problems("<!-- tour -->\n```sh\n(exit 5)\ntrue\n```\n"))
        .singleElement()
        .asString()
        .startsWith("line 3: a command ended with 5");
  }

  @Test
  void seesAnotherOutput() throws IOException {
    assertThat(
            problems("<!-- tour -->\n```sh\necho one\n```\n<!-- tour-output -->\n```\ntwo\n```\n"))
        .singleElement()
        .asString()
        .contains("shows something else");
  }

  @Test
  void refusesAMarkThatMarksNothing() {
    assertThatThrownBy(() -> Tour.steps("<!-- tour -->\nno block\n"))
        .hasMessageContaining("line 1");
    assertThatThrownBy(() -> Tour.steps("<!-- tour-outptu -->\n```\n```\n"))
        .hasMessageContaining("not a mark");
  }

  private List<String> problems(String markdown) throws IOException {
    return ReadmeTourTest.take(Tour.steps(markdown), NodeSetup.launcher().getParent(), folder);
  }
}
