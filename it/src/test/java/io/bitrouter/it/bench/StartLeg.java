package io.bitrouter.it.bench;

import io.bitrouter.testkit.NodeProcess;
import io.bitrouter.testkit.NodeSetup;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What starting costs: the node, and one command of the terminal program. */
final class StartLeg {

  private static final int TIMES = 9;

  private StartLeg() {}

  static void run(Report report, Path root) throws IOException, InterruptedException {
    Process caches =
        new ProcessBuilder(root.resolve("libexec/make-aot").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (caches.waitFor() != 0) {
      report.wrong("the start-up caches could not be made");
    }
    List<Double> starts = new ArrayList<>();
    List<Double> commands = new ArrayList<>();
    Path folder = Files.createTempDirectory("bitrouter-bench-");
    try {
      for (int i = 0; i <= TIMES; i++) {
        try (NodeProcess node = NodeProcess.start(NodeSetup.plain().in(folder))) {
          if (i > 0) {
            starts.add((double) node.startTime().toMillis());
          }
          if (i == TIMES) {
            for (int j = 0; j <= TIMES; j++) {
              double millis = command(root, node.home());
              if (j > 0) {
                commands.add(millis);
              }
            }
          }
        }
      }
    } finally {
      NodeProcess.deleteFolder(folder);
    }
    starts.sort(null);
    commands.sort(null);
    report.atMost("start to ready, existing home", Report.quantile(starts, 0.5), "ms", 1_000);
    report.atMost("one command (status)", Report.quantile(commands, 0.5), "ms", 400);
  }

  private static double command(Path root, Path home) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(root.resolve("bitrouter").toString(), "status")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(new File("/dev/null")));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("BITROUTER_"));
    environment.put("BITROUTER_HOME", home.toString());
    environment.put("BITROUTER_NO_BUILD", "1");
    long begun = System.nanoTime();
    int code = builder.start().waitFor();
    if (code != 0) {
      throw new IOException("bitrouter status ended with " + code);
    }
    return (System.nanoTime() - begun) / 1e6;
  }
}
