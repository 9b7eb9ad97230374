package io.bitrouter.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.awaitility.Awaitility;

/** A process that looks like a node to whoever reads its command line. */
final class NodeProcess implements AutoCloseable {
  private final Process process;

  private NodeProcess(Process process) {
    this.process = process;
  }

  static NodeProcess start() {
    return start("exec -a io.bitrouter.node sleep 60");
  }

  static NodeProcess start(String script) {
    try {
      NodeProcess node = new NodeProcess(new ProcessBuilder("bash", "-c", script).start());
      Awaitility.await().until(node::isNamed);
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isNamed() {
    return process.info().commandLine().filter(line -> line.contains(" 60")).isPresent();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String startedAt() {
    return Instant.now().toString();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
