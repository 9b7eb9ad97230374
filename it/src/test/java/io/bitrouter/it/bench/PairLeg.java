package io.bitrouter.it.bench;

import io.bitrouter.testkit.NodeProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The node and nginx {@code proxy_pass} at full load, in turns, before the same upstream (another
 * nginx that returns a fixed body at once): CPU time for a request of the one over that of the
 * other, pair by pair. The load is wrk's, closed loop: its latencies say little and are not goals.
 */
final class PairLeg {

  private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final Pattern BAD = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
  private static final Pattern MEDIAN = Pattern.compile("50%\\s+([0-9.]+)(us|ms|s)");
  private static final Pattern TAIL = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)");

  private final Settings settings;

  PairLeg(Settings settings) {
    this.settings = settings;
  }

  /** What wrk said. */
  private record Wrk(long requests, double rate, long bad, long p50Micros, long p99Micros) {}

  /** One run: CPU for a request, and what wrk said. */
  private record Turn(double cpuMicros, long rssMegabytes, Wrk wrk) {}

  void run(Report report, BenchNode.Under under)
      throws IOException, SQLException, InterruptedException {
    Path folder = Files.createTempDirectory("bitrouter-nginx-");
    try (Nginx upstream = Nginx.returning(folder.resolve("upstream"), CheapAnswers.wholeBody());
        Nginx proxy = Nginx.before(folder.resolve("proxy"), upstream.port());
        BenchNode node = BenchNode.start(upstream.port(), under)) {
      Path script = folder.resolve("load.lua");
      Files.writeString(script, script(node.tokens()), StandardCharsets.US_ASCII);
      long sent = wrk(node.port(), script, settings.warmUpSeconds()).requests();
      Wrk unused = wrk(proxy.port(), script, 2);
      // At full load the compilers take longer than at a tenth of it.
      sent += wrk(node.port(), script, settings.warmUpSeconds()).requests();
      List<Double> ratios = new ArrayList<>();
      List<Turn> ours = new ArrayList<>();
      List<Turn> theirs = new ArrayList<>();
      for (int i = 0; i < settings.pairs(); i++) {
        Turn nginx = turn(proxy, script);
        long stored = node.counted();
        Turn bitrouter = turn(node, script, stored);
        ours.add(bitrouter);
        theirs.add(nginx);
        sent += bitrouter.wrk().requests();
        ratios.add(bitrouter.cpuMicros() / nginx.cpuMicros());
        if (bitrouter.wrk().bad() > 0) {
          report.wrong(bitrouter.wrk().bad() + " bad answers in pair " + i);
        }
      }
      ours.forEach(turn -> report.run(asRun("bitrouter", turn)));
      theirs.forEach(turn -> report.run(asRun("nginx", turn)));
      report.ratio(ratios);
      List<Double> sorted = ratios.stream().sorted().toList();
      report.atMost("CPU to nginx, median", Report.quantile(sorted, 0.5), "times", 2.5);
      List<Double> cpu = ours.stream().map(Turn::cpuMicros).sorted().toList();
      report.atLeast("requests per core-second", 1e6 / Report.quantile(cpu, 0.5), "", 8_000);
      finish(report, node, sent);
    } finally {
      NodeProcess.deleteFolder(folder);
    }
  }

  /** wrk gives up on the requests in flight at its end, so the node may count some more. */
  private static void finish(Report report, BenchNode node, long sent) throws SQLException {
    long counted = node.awaitStored(sent);
    node.stop(report, counted);
    report.figure("requests wrk saw answered", (double) sent, "");
  }

  private Turn turn(Nginx nginx, Path script) throws IOException, InterruptedException {
    long before = nginx.cpuMicros();
    Wrk wrk = wrk(nginx.port(), script, settings.pairSeconds());
    return new Turn(
        (nginx.cpuMicros() - before) / (double) wrk.requests(), nginx.rssMegabytes(), wrk);
  }

  private Turn turn(BenchNode node, Path script, long stored)
      throws IOException, InterruptedException {
    ProcessMeter meter = node.meter();
    long before = meter.cpuMicros();
    Wrk wrk = wrk(node.port(), script, settings.pairSeconds());
    long unused = node.awaitStored(stored + wrk.requests());
    return new Turn(
        (meter.cpuMicros() - before) / (double) wrk.requests(), meter.rssMegabytes(), wrk);
  }

  private static Report.Run asRun(String target, Turn turn) {
    return new Report.Run(
        target,
        turn.wrk().rate(),
        turn.wrk().p50Micros(),
        turn.wrk().p99Micros(),
        turn.cpuMicros(),
        turn.rssMegabytes());
  }

  private static Wrk wrk(int port, Path script, int seconds)
      throws IOException, InterruptedException {
    Process wrk =
        new ProcessBuilder(
                "wrk",
                "-t1",
                "-c64",
                "-d" + seconds + "s",
                "--latency",
                "-s",
                script.toString(),
                "http://127.0.0.1:" + port + "/v1/chat/completions")
            .redirectErrorStream(true)
            .start();
    String said = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (wrk.waitFor() != 0) {
      throw new IOException("wrk failed: " + said);
    }
    Matcher bad = BAD.matcher(said);
    return new Wrk(
        Long.parseLong(found(REQUESTS, said)),
        Double.parseDouble(found(RATE, said)),
        bad.find() ? Long.parseLong(bad.group(1)) : 0,
        micros(MEDIAN, said),
        micros(TAIL, said));
  }

  private static String found(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("wrk did not say " + pattern + " in: " + text);
    }
    return matcher.group(1);
  }

  private static long micros(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("wrk did not say " + pattern + " in: " + text);
    }
    double value = Double.parseDouble(matcher.group(1));
    return Math.round(
        switch (matcher.group(2)) {
          case "us" -> value;
          case "ms" -> value * 1e3;
          default -> value * 1e6;
        });
  }

  private String script(List<String> tokens) {
    String request =
        new String(
            BenchNode.request("-", settings.bodyBytes(), BenchNode.Form.WHOLE),
            StandardCharsets.US_ASCII);
    String body = request.substring(request.indexOf("\r\n\r\n") + 4);
    StringBuilder script = new StringBuilder("local tokens = {\n");
    tokens.forEach(token -> script.append(String.format(Locale.ROOT, "'%s',%n", token)));
    return script
        .append("}\nlocal body = '")
        .append(body)
        .append(
            """
            '
            local i = 0
            wrk.method = 'POST'
            wrk.headers['content-type'] = 'application/json'
            request = function()
              i = i % #tokens + 1
              wrk.headers['authorization'] = 'Bearer ' .. tokens[i]
              return wrk.format(nil, nil, nil, body)
            end
            """)
        .toString();
  }
}
