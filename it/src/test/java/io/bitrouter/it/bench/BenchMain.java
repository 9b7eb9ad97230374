package io.bitrouter.it.bench;

import io.bitrouter.it.bench.BenchNode.Form;
import io.bitrouter.it.bench.BenchNode.Under;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The benchmarks: {@code ./dev bench [--quick] [leg…]}.
 *
 * <p>Prints a table for each leg, which says of every figure with a goal whether it was met, and
 * writes it to {@code bench/results}. Ends with 1 when a leg does not count (an answer was bad, or
 * the node's books have another number of requests than were sent); a missed goal is no error.
 */
public final class BenchMain {

  private static final List<String> LEGS =
      List.of(
          "floor",
          "chat-1",
          "chat-100k",
          "stream-1",
          "stream-100k",
          "stream-translated",
          "rules-1",
          "rules-100k",
          "rules-stream",
          "nginx",
          "rules-nginx",
          "hot-budget",
          "translate",
          "start");

  private static final int MANY = 100_000;

  private BenchMain() {}

  /** Runs the legs named, or all. */
  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.full();
    List<String> legs = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.equals("--quick")) {
        settings = Settings.quick();
      } else if (LEGS.contains(argument)) {
        legs.add(argument);
      } else {
        System.err.println("unknown leg '" + argument + "'; there are " + String.join(", ", LEGS));
        System.exit(2);
      }
    }
    if (!ProcessMeter.available()) {
      System.err.println("the benchmarks read CPU time from /proc and need Linux");
      System.exit(2);
    }
    Path root = Path.of(System.getProperty("bitrouter.root", "")).toAbsolutePath();
    Machine machine = Machine.here(root);
    boolean valid = true;
    for (String leg : legs.isEmpty() ? LEGS : legs) {
      Report report = new Report(leg, settings);
      if (run(leg, report, settings, root)) {
        report.finish(root.resolve("bench/results"), machine);
        valid &= report.valid();
      }
    }
    System.exit(valid ? 0 : 1);
  }

  /** Runs one leg; false when this machine has not what it needs. */
  private static boolean run(String leg, Report report, Settings settings, Path root)
      throws Exception {
    LoadLegs load = new LoadLegs(settings);
    switch (leg) {
      case "floor" -> load.floor(report);
      case "chat-1" -> load.governed(report, new Under(1, false), Form.WHOLE);
      case "chat-100k" -> load.governed(report, new Under(MANY, false), Form.WHOLE);
      case "stream-1" -> load.governed(report, new Under(1, false), Form.STREAM);
      case "stream-100k" -> load.governed(report, new Under(MANY, false), Form.STREAM);
      case "stream-translated" -> load.governed(report, new Under(MANY, false), Form.TRANSLATED);
      case "rules-1" -> load.governed(report, new Under(1, true), Form.WHOLE);
      case "rules-100k" -> load.governed(report, new Under(MANY, true), Form.WHOLE);
      case "rules-stream" -> load.governed(report, new Under(MANY, true), Form.STREAM);
      case "hot-budget" -> HotBudgetLeg.run(report, settings);
      case "translate" -> TranslateLeg.run(report, settings);
      case "start" -> StartLeg.run(report, root);
      default -> {
        if (Nginx.find("nginx").isEmpty() || Nginx.find("wrk").isEmpty()) {
          System.out.println(leg + ": left out, nginx and wrk are not both installed");
          return false;
        }
        new PairLeg(settings).run(report, new Under(MANY, leg.startsWith("rules")));
      }
    }
    return true;
  }
}
