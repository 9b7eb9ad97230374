package io.bitrouter.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./dev test} makes of the reports. */
final class TestReportTest {

  private static final String SUITE =
      """
      <testsuite name="%s" time="1.5" tests="%d" errors="0" skipped="0" failures="%d">
      %s
      </testsuite>
      """;

  @TempDir private Path folder;

  @Test
  void testsOfNestedClassesCountThoughTheTotalsLeaveThemOut() throws Exception {
    report(
        "Outer",
        0,
        0,
        """
          <testcase name="good" classname="Outer$Inner" time="0.1"/>
          <testcase name="bad" classname="Outer$Inner" time="0.1">
            <failure message="1 &lt;&gt; 2" type="E">trace</failure>
          </testcase>
          <testcase name="worse" classname="Outer$Inner" time="0.1">
            <error message="gone" type="E">trace</error>
          </testcase>\
        """);
    report("Plain", 1, 0, "  <testcase name=\"good\" classname=\"Plain\" time=\"0.1\"/>");
    String said = summary();
    assertThat(said)
        .contains("FAILED Outer$Inner bad: 1 <> 2")
        .contains("FAILED Outer$Inner worse: gone")
        .endsWith("2 passed, 2 failed\n");
  }

  @Test
  void aSkippedTestFails() throws Exception {
    report(
        "Plain",
        2,
        0,
        """
          <testcase name="good" classname="Plain" time="0.1"/>
          <testcase name="left" classname="Plain" time="0.1">
            <skipped message="not now"/>
          </testcase>\
        """);
    assertThat(summary()).contains("SKIPPED Plain left: not now").endsWith("1 passed, 1 failed\n");
  }

  private void report(String name, int tests, int failures, String cases) throws IOException {
    Files.writeString(
        folder.resolve("TEST-" + name + ".xml"), SUITE.formatted(name, tests, failures, cases));
  }

  private String summary() throws Exception {
    String script =
        ". \"$1/libexec/toolchain.sh\"; . \"$1/libexec/test-report.sh\"; report_tests 0 /dev/null"
            + " \"$2\"";
    Process process =
        new ProcessBuilder(
                "bash", "-c", script, "dev", LauncherWorld.ROOT.toString(), folder.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(1);
    return said;
  }
}
