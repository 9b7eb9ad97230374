package io.bitrouter.it.bench;

import io.bitrouter.it.bench.BenchNode.Form;
import io.bitrouter.testkit.JavaChild;
import io.bitrouter.testkit.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** The legs under open-loop load. */
final class LoadLegs {

  private final Settings settings;

  LoadLegs(Settings settings) {
    this.settings = settings;
  }

  /** The upstream alone: what generator and upstream themselves take. */
  void floor(Report report) throws IOException {
    try (JavaChild upstream = upstream();
        OpenLoop loop = new OpenLoop()) {
      byte[] request = BenchNode.request("none", settings.bodyBytes(), Form.WHOLE);
      OpenLoop.Lane lane = loop.lane(port(upstream), List.of(request));
      int rate = settings.bufferedPerSecond();
      lane.connect(rate * settings.upstreamMillis() / 900);
      long unused = loop.run(lane, lane, rate, rate * settings.warmUpSeconds());
      ProcessMeter own = new ProcessMeter(ProcessHandle.current().pid());
      ProcessMeter other = new ProcessMeter(upstream.pid());
      long ownCpu = own.cpuMicros();
      long otherCpu = other.cpuMicros();
      int count = rate * settings.seconds();
      long nanos = loop.run(lane, lane, rate, count);
      Latencies seen = lane.latencies();
      report.run(
          new Report.Run(
              "upstream",
              count * 1e9 / nanos,
              seen.totalMicros(50),
              seen.totalMicros(99),
              (other.cpuMicros() - otherCpu) / (double) count,
              other.rssMegabytes()));
      report.figure("generator CPU per request", (own.cpuMicros() - ownCpu) / (double) count, "us");
      report.figure("p50 above the upstream's delay", above(seen.totalMicros(50)), "ms");
      report.figure("p99 above the upstream's delay", above(seen.totalMicros(99)), "ms");
      checkAnswers(report, seen, count);
    }
  }

  /** The node, and in between requests that go to the upstream directly. */
  void governed(Report report, BenchNode.Under under, Form form) throws IOException, SQLException {
    int rate = form.stream() ? settings.streamsPerSecond() : settings.bufferedPerSecond();
    try (JavaChild upstream = upstream();
        BenchNode node = BenchNode.start(port(upstream), under);
        OpenLoop loop = new OpenLoop()) {
      report.figure("keys", under.keys(), "");
      report.figure("start to ready", (double) node.node().startTime().toMillis(), "ms");
      OpenLoop.Lane main = loop.lane(node.port(), node.requests(settings.bodyBytes(), form));
      OpenLoop.Lane probe =
          loop.lane(
              port(upstream),
              List.of(BenchNode.request("none", settings.bodyBytes(), form.atUpstream())));
      main.connect(connections(rate, form));
      probe.connect(connections(rate / 10, form));
      int warm = warmUp(loop, main, probe, rate);
      long unused = node.awaitStored(warm);
      measure(new Bench(report, loop, main, probe, node), rate, warm, form);
    }
  }

  /** Load that grows to {@code rate}: a fresh JVM cannot take all of it at once. */
  private int warmUp(OpenLoop loop, OpenLoop.Lane main, OpenLoop.Lane probe, int rate)
      throws IOException {
    int sent = 0;
    for (int part : List.of(10, 4, 2, 1)) {
      int count = rate / part * settings.warmUpSeconds() / 4;
      long unused = loop.run(main, probe, rate / part, count);
      sent += count;
    }
    return sent;
  }

  /** The parts of a measurement. */
  private record Bench(
      Report report, OpenLoop loop, OpenLoop.Lane main, OpenLoop.Lane probe, BenchNode node) {}

  private void measure(Bench bench, int rate, int warm, Form form)
      throws IOException, SQLException {
    Report report = bench.report();
    BenchNode node = bench.node();
    int count = rate * settings.seconds();
    ProcessMeter meter = node.meter();
    long cpuBefore = meter.cpuMicros();
    long storingBefore = node.storingMicros();
    long nanos = bench.loop().run(bench.main(), bench.probe(), rate, count);
    long counted = node.awaitStored(warm + count);
    double cpu = (meter.cpuMicros() - cpuBefore) / (double) count;
    double storing = (node.storingMicros() - storingBefore) / (double) count;
    Latencies governed = bench.main().latencies();
    Latencies direct = bench.probe().latencies();
    double rps = count * 1e9 / nanos;
    report.run(
        new Report.Run(
            "bitrouter",
            rps,
            governed.totalMicros(50),
            governed.totalMicros(99),
            cpu,
            meter.rssMegabytes()));
    report.run(
        new Report.Run("direct", rps / 10, direct.totalMicros(50), direct.totalMicros(99), 0, 0));
    double addedMedian = difference(governed.totalMicros(50), direct.totalMicros(50));
    double addedTail = difference(governed.totalMicros(99), direct.totalMicros(99));
    report.atMost("added p50", addedMedian, "ms", 0.5);
    report.atMost("added p99", addedTail, "ms", 2);
    if (form.stream()) {
      double firstMedian = difference(governed.firstMicros(50), direct.firstMicros(50));
      double firstTail = difference(governed.firstMicros(99), direct.firstMicros(99));
      report.atMost("added time to first token p50", firstMedian, "ms", 0.5);
      report.atMost("added time to first token p99", firstTail, "ms", 2);
      report.figure("CPU per chunk", cpu / settings.chunks(), "us");
    } else {
      report.figure("requests per core-second at this rate", 1e6 / cpu, "");
    }
    report.figure("CPU per request, storing included", cpu, "us");
    report.atMost("CPU to store a row", storing, "us", 15);
    report.atMost("most memory held", (double) meter.peakRssMegabytes(), "MB", 300);
    if (Nginx.find("nginx").isPresent()) {
      nginx(bench, rate, form);
    }
    checkAnswers(report, governed, count);
    if (counted != warm + count) {
      report.wrong("usage has " + counted + " requests, sent were " + (warm + count));
    }
    node.stop(report, warm + (long) count);
    report.atMost("stored bytes per row", node.growth() / (double) (warm + count), "B", 100);
  }

  /** The same load through nginx: what waking up a thousand times a second costs here anyway. */
  private void nginx(Bench bench, int rate, Form form) throws IOException {
    Path folder = Files.createTempDirectory("bitrouter-nginx-");
    try (Nginx proxy = Nginx.before(folder, bench.probe().port())) {
      List<byte[]> request =
          List.of(BenchNode.request("none", settings.bodyBytes(), form.atUpstream()));
      OpenLoop.Lane lane = bench.loop().lane(proxy.port(), request);
      lane.connect(connections(rate, form));
      int count = rate * Math.min(20, settings.seconds());
      long before = proxy.cpuMicros();
      long nanos = bench.loop().run(lane, bench.probe(), rate, count);
      Latencies seen = lane.latencies();
      bench
          .report()
          .run(
              new Report.Run(
                  "nginx",
                  count * 1e9 / nanos,
                  seen.totalMicros(50),
                  seen.totalMicros(99),
                  (proxy.cpuMicros() - before) / (double) count,
                  proxy.rssMegabytes()));
    } finally {
      NodeProcess.deleteFolder(folder);
    }
  }

  private static void checkAnswers(Report report, Latencies seen, int count) {
    if (seen.count() != count || seen.bad() > 0) {
      report.wrong(seen.count() + " of " + count + " answers, " + seen.bad() + " of them bad");
    }
  }

  private JavaChild upstream() throws IOException {
    return JavaChild.start(
        CheapUpstream.class,
        List.of(
            Integer.toString(settings.upstreamMillis()),
            Integer.toString(settings.chunks()),
            Integer.toString(settings.chunkMillis())));
  }

  private static int port(JavaChild upstream) {
    return Integer.parseInt(upstream.firstLine());
  }

  /** Connections that the load will need, and a fifth more. */
  private int connections(int rate, Form form) {
    int millis =
        settings.upstreamMillis()
            + (form.stream() ? settings.chunks() * settings.chunkMillis() : 0);
    return Math.max(4, rate * millis / 800);
  }

  private double above(long micros) {
    return micros / 1_000.0 - settings.upstreamMillis();
  }

  private static double difference(long micros, long otherMicros) {
    return (micros - otherMicros) / 1_000.0;
  }
}
