package io.bitrouter.it.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a process uses, as Linux counts it below {@code /proc}. */
final class ProcessMeter {

  /** Length of a clock tick in the kernel's accounts: 100 a second on every Linux of today. */
  private static final long TICK_MICROS = 10_000;

  private final long pid;

  ProcessMeter(long pid) {
    this.pid = pid;
  }

  /** Whether this system has such accounts. */
  static boolean available() {
    return Files.isReadable(Path.of("/proc/self/stat"));
  }

  /** CPU time of the process so far, user and system, microseconds. */
  long cpuMicros() {
    return cpuMicros(Path.of("/proc/" + pid + "/stat"));
  }

  /** CPU time of those of its threads whose name starts with {@code name}, microseconds. */
  long threadCpuMicros(String name) {
    long sum = 0;
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path task : tasks.toList()) {
        if (read(task.resolve("comm")).startsWith(name)) {
          sum += cpuMicros(task.resolve("stat"));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sum;
  }

  /** Memory it holds now, MB. */
  long rssMegabytes() {
    return status("VmRSS:");
  }

  /** Most memory it ever held, MB. */
  long peakRssMegabytes() {
    return status("VmHWM:");
  }

  private long status(String field) {
    for (String line : read(Path.of("/proc/" + pid + "/status")).lines().toList()) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.substring(field.length()).replace("kB", "").strip()) / 1_024;
      }
    }
    return 0;
  }

  private static long cpuMicros(Path stat) {
    String text = read(stat);
    List<String> fields = List.of(text.substring(text.lastIndexOf(')') + 2).split(" ", -1));
    return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) * TICK_MICROS;
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
