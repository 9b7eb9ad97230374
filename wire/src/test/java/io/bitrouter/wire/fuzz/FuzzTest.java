package io.bitrouter.wire.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * No bytes make a reader of the wire throw, lie, or depend on how they came. The corpus is tried in
 * every run; with {@code bitrouter.deep} a fuzzer then has a minute for each target. A finding is
 * to be kept as a file in the target's folder of {@code src/test/resources/fuzz}.
 */
class FuzzTest {

  private static final int SECONDS = 60;

  @TestFactory
  Stream<DynamicTest> corpus() {
    return FuzzTargets.ALL.stream()
        .map(target ->
            DynamicTest.dynamicTest(
                target.getSimpleName(),
                () -> {
                  Map<String, byte[]> corpus = Corpus.of(target);
                  assertThat(corpus).hasSizeGreaterThan(20);
                  for (Map.Entry<String, byte[]> each : corpus.entrySet()) {
                    tried(target, each.getKey(), each.getValue());
                  }
                }));
  }

  /** Nothing without {@code bitrouter.deep}. */
  @TestFactory
  Stream<DynamicTest> fuzzing(@TempDir Path folder) {
    return FuzzTargets.ALL.stream()
        .filter(unused -> Boolean.getBoolean("bitrouter.deep"))
        .map(target ->
            DynamicTest.dynamicTest(target.getSimpleName(), () -> fuzzed(target, folder)));
  }

  private static void fuzzed(Class<?> target, Path folder)
      throws IOException, InterruptedException {
    Path own = Files.createDirectories(folder.resolve(target.getSimpleName()));
    Fuzzer.Result result = new Fuzzer(own).run(target, Corpus.of(target), SECONDS);
    System.out.println(target.getSimpleName() + ": " + result.executed() + " inputs");
    assertThat(result.finding()).isEmpty();
    assertThat(result.executed()).isGreaterThan(1_000);
  }

  private static void tried(Class<?> target, String name, byte[] input)
      throws ReflectiveOperationException {
    try {
      target.getMethod("fuzzerTestOneInput", byte[].class).invoke(null, (Object) input);
    } catch (InvocationTargetException e) {
      throw new AssertionError(name, e.getCause());
    }
  }
}
