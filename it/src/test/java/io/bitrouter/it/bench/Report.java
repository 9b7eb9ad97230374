package io.bitrouter.it.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What one leg found: printed as a table, kept as JSON. Used by one thread. */
final class Report {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final String leg;
  private final Settings settings;
  private final List<Map<String, Object>> runs = new ArrayList<>();
  private final List<Map<String, Object>> figures = new ArrayList<>();
  private final Map<String, Object> counters = new LinkedHashMap<>();
  private Optional<Map<String, Object>> ratio = Optional.empty();
  private final List<String> wrong = new ArrayList<>();

  Report(String leg, Settings settings) {
    this.leg = leg;
    this.settings = settings;
    for (String name : List.of("authentications", "reservations", "rate_decisions", "scans")) {
      counters.put(name, 0L);
    }
    counters.put("rows", 0L);
  }

  /**
   * One run of one target.
   *
   * @param target what was measured
   * @param rps answers a second
   * @param p50Micros median latency
   * @param p99Micros its 99th percentile
   * @param cpuMicros CPU time for one request
   * @param rssMegabytes memory held
   */
  record Run(
      String target,
      double rps,
      long p50Micros,
      long p99Micros,
      double cpuMicros,
      long rssMegabytes) {}

  void run(Run run) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("target", run.target());
    members.put("rps", rounded(run.rps()));
    members.put("p50_us", run.p50Micros());
    members.put("p99_us", run.p99Micros());
    members.put("cpu_us", rounded(run.cpuMicros()));
    members.put("rss_mb", run.rssMegabytes());
    runs.add(members);
  }

  /** A figure without a goal. */
  void figure(String name, double value, String unit) {
    figures.add(new LinkedHashMap<>(Map.of("name", name, "value", rounded(value), "unit", unit)));
  }

  /** A figure that is to be at most {@code goal}. */
  void atMost(String name, double value, String unit, double goal) {
    withGoal(name, value, unit, "at most", goal, value <= goal);
  }

  /** The median of ratios that is to be at most {@code goal}, with its quartiles. */
  void atMost(String name, List<Double> ratios, String unit, double goal) {
    Map<String, Object> spread = spread(ratios);
    atMost(name, quantile(ratios.stream().sorted().toList(), 0.5), unit, goal);
    spread.remove("median");
    figures.getLast().putAll(spread);
  }

  /** A figure that is to be at least {@code goal}. */
  void atLeast(String name, double value, String unit, double goal) {
    withGoal(name, value, unit, "at least", goal, value >= goal);
  }

  private void withGoal(
      String name, double value, String unit, String sense, double goal, boolean met) {
    figure(name, value, unit);
    Map<String, Object> last = figures.getLast();
    last.put("sense", sense);
    last.put("goal", goal);
    last.put("met", met);
  }

  /** How often the node did something, against how often it should have. */
  void counter(String name, long counted, long requests) {
    counters.put(name, counted);
    if (counted != requests) {
      wrong.add(name + " are " + counted + ", requests were " + requests);
    }
  }

  /** Anything else because of which the leg does not count. */
  void wrong(String what) {
    wrong.add(what);
  }

  /** CPU of the node over CPU of nginx, pair by pair. */
  void ratio(List<Double> pairs) {
    ratio = Optional.of(spread(pairs));
  }

  private static Map<String, Object> spread(List<Double> ratios) {
    List<Double> sorted = ratios.stream().sorted().toList();
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("median", rounded(quantile(sorted, 0.5)));
    members.put("q1", rounded(quantile(sorted, 0.25)));
    members.put("q3", rounded(quantile(sorted, 0.75)));
    members.put("n", sorted.size());
    return members;
  }

  /** Whether the leg counts. */
  boolean valid() {
    return wrong.isEmpty();
  }

  /** Prints the table and writes the file. */
  void finish(Path folder, Machine machine) throws IOException {
    print();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("leg", leg);
    all.put("machine", machine.json());
    all.put("commit", machine.commit());
    all.put("settings", settings.json());
    all.put("runs", runs);
    ratio.ifPresent(members -> all.put("ratio_cpu_to_nginx", members));
    all.put("counters", counters);
    all.put("figures", figures);
    all.put("invalid", wrong);
    Files.createDirectories(folder);
    Path file = folder.resolve(STAMP.format(Clock.systemUTC().instant()) + "-" + leg + ".json");
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    Files.writeString(file, mapper.writeValueAsString(all) + "\n", StandardCharsets.UTF_8);
    System.out.println("  " + folder.getParent().getParent().relativize(file));
  }

  private void print() {
    System.out.println(leg);
    for (Map<String, Object> run : runs) {
      System.out.printf(
          "  %-12s %10s/s   p50 %9s us   p99 %9s us   cpu %8s us   rss %4s MB%n",
          run.get("target"),
          run.get("rps"),
          run.get("p50_us"),
          run.get("p99_us"),
          run.get("cpu_us"),
          run.get("rss_mb"));
    }
    for (Map<String, Object> figure : figures) {
      String goal = "";
      if (figure.containsKey("goal")) {
        goal =
            (Boolean.TRUE.equals(figure.get("met")) ? "met     " : "MISSED  ")
                + figure.get("sense")
                + " "
                + figure.get("goal")
                + (figure.containsKey("n")
                    ? "   quartiles " + figure.get("q1") + " to " + figure.get("q3")
                    : "");
      }
      System.out.printf(
          "  %-34s %12s %-10s %s%n",
          figure.get("name"), figure.get("value"), figure.get("unit"), goal);
    }
    ratio.ifPresent(members ->
        System.out.printf(
            "  %-34s %12s %-10s quartiles %s to %s of %s pairs%n",
            "CPU to nginx",
            members.get("median"),
            "times",
            members.get("q1"),
            members.get("q3"),
            members.get("n")));
    wrong.forEach(what -> System.out.println("  DOES NOT COUNT: " + what));
  }

  static double quantile(List<Double> sorted, double quantile) {
    double at = quantile * (sorted.size() - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
  }

  private static double rounded(double value) {
    return Math.round(value * 1_000) / 1_000.0;
  }
}
