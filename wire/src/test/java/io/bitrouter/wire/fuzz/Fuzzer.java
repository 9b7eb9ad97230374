package io.bitrouter.wire.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs Jazzer on one target, in a process of its own because it rewrites the classes it watches and
 * ends its process.
 *
 * @param folder an empty folder for the corpus as it grows, and the process's output
 */
record Fuzzer(Path folder) {

  private static final Pattern EXECUTED =
      Pattern.compile("stat::number_of_executed_units: +(\\d+)");
  private static final int REPORTED_CHARACTERS = 6_000;

  /**
   * What came of it.
   *
   * @param executed inputs tried
   * @param finding what was found, with the input in Base64, when something was
   */
  record Result(long executed, Optional<String> finding) {}

  /** Tries inputs for {@code seconds}, beginning with those of {@code corpus}. */
  Result run(Class<?> target, Map<String, byte[]> corpus, int seconds)
      throws IOException, InterruptedException {
    Path seeds = Files.createDirectories(folder.resolve("corpus"));
    int number = 0;
    for (byte[] seed : corpus.values()) {
      Files.write(seeds.resolve("seed-" + number++), seed);
    }
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command(target, seeds, seconds))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      boolean ended = process.waitFor(seconds + 120L, TimeUnit.SECONDS);
      String said = Files.readString(log, StandardCharsets.ISO_8859_1);
      Matcher executed = EXECUTED.matcher(said);
      boolean counted = executed.find();
      return new Result(
          counted ? Long.parseLong(executed.group(1)) : 0,
          ended && counted && process.exitValue() == 0
              ? Optional.empty()
              : Optional.of(finding(said)));
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<String> command(Class<?> target, Path seeds, int seconds) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx1g",
            "-XX:+UseSerialGC",
            "-XX:+EnableDynamicAgentLoading",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + target.getName(),
            "--instrumentation_includes=io.bitrouter.**",
            "-max_total_time=" + seconds,
            "-max_len=16384",
            "-timeout=20",
            "-rss_limit_mb=4096",
            "-print_final_stats=1",
            seeds.toString()));
    return command;
  }

  private static String finding(String said) {
    int at = Math.max(0, said.indexOf("== Java Exception"));
    String tail = at == 0 ? said.substring(Math.max(0, said.length() - REPORTED_CHARACTERS)) : "";
    return at == 0
        ? tail
        : said.substring(at, Math.min(said.length(), at + REPORTED_CHARACTERS))
            + said.lines().filter(line -> line.startsWith("Base64: ")).findFirst().orElse("");
  }
}
