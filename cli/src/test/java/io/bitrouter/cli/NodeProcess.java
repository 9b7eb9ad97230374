package io.bitrouter.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

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
      while (node.process.info().commandLine().filter(c -> c.contains(" 60")).isEmpty()) {
        Thread.onSpinWait();
      }
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
