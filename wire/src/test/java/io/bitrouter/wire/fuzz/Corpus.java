package io.bitrouter.wire.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where fuzzing begins: the files of a target's folder in {@code fuzz}, which are inputs that are
 * nasty or were a finding, and the golden files of every protocol.
 */
final class Corpus {

  private static final List<String> PROTOCOLS = List.of("chat", "messages", "responses", "gemini");

  private Corpus() {}

  /** The inputs for {@code target} by their names. */
  static Map<String, byte[]> of(Class<?> target) throws IOException {
    String name = target.getSimpleName().toLowerCase(Locale.ROOT);
    Map<String, byte[]> inputs = new TreeMap<>(files("/fuzz/" + name, ""));
    switch (name) {
      case "json" -> {
        for (String protocol : PROTOCOLS) {
          inputs.putAll(bodies(protocol));
          inputs.putAll(files("/golden/" + protocol + "/reply", ".json"));
        }
      }
      case "sse" -> inputs.putAll(streams());
      default -> {
        bodies(name).forEach((file, body) -> inputs.put(file, input(body, new byte[0])));
        streams()
            .forEach(
                (file, stream) -> inputs.put(file, input(RoundTrip.PLAIN.getBytes(UTF_8), stream)));
      }
    }
    return inputs;
  }

  /** An input for a round trip. */
  static byte[] input(byte[] body, byte[] answer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(body);
    out.writeBytes(RoundTrip.BORDER.getBytes(UTF_8));
    out.writeBytes(answer);
    return out.toByteArray();
  }

  private static Map<String, byte[]> bodies(String protocol) throws IOException {
    Map<String, byte[]> bodies = new TreeMap<>();
    for (String folder : List.of("request", "asked", "cap")) {
      bodies.putAll(files("/golden/" + protocol + "/" + folder, ".in"));
    }
    bodies.putAll(files("/golden/translate/mutated", protocol + ".json"));
    return bodies;
  }

  private static Map<String, byte[]> streams() throws IOException {
    Map<String, byte[]> streams = new TreeMap<>();
    for (String protocol : PROTOCOLS) {
      streams.putAll(files("/golden/" + protocol + "/stream", ".in"));
      streams.putAll(files("/golden/translate/" + protocol, ".sse"));
    }
    return streams;
  }

  private static Map<String, byte[]> files(String folder, String suffix) throws IOException {
    Path root;
    try {
      root = Path.of(Objects.requireNonNull(Corpus.class.getResource(folder), folder).toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> found = Files.walk(root)) {
      found
          .filter(file -> Files.isRegularFile(file) && file.toString().endsWith(suffix))
          .forEach(file -> files.put(folder + "/" + root.relativize(file), bytes(file)));
    }
    return files;
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
