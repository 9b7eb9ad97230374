package io.bitrouter.it.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where and what was measured.
 *
 * @param cpu model of the processor
 * @param cores how many there are
 * @param kernel version of the kernel
 * @param jdk version of the JDK
 * @param commit commit of the sources, with {@code +} when they differ from it
 */
record Machine(String cpu, int cores, String kernel, String jdk, String commit) {

  static Machine here(Path root) throws IOException {
    Optional<String> model =
        Files.isReadable(Path.of("/proc/cpuinfo"))
            ? Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
            : Optional.empty();
    String changed = output(root, "git", "status", "--porcelain", "--untracked-files=no");
    return new Machine(
        model.orElse("unknown"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.runtime.version"),
        output(root, "git", "rev-parse", "--short", "HEAD") + (changed.isEmpty() ? "" : "+"));
  }

  Map<String, Object> json() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("cpu", cpu);
    members.put("cores", cores);
    members.put("kernel", kernel);
    members.put("jdk", jdk);
    return members;
  }

  private static String output(Path folder, String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
