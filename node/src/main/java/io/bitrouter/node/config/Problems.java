package io.bitrouter.node.config;

import java.util.ArrayList;
import java.util.List;

/** Collects the mistakes of one file, so that all are told at once. Used by one thread. */
final class Problems {

  /** More than these are not told; who fixes twenty can start again. */
  private static final int MOST = 20;

  private final String source;
  private final List<String> lines = new ArrayList<>();

  /** Problems of the file, or other origin, of this name. */
  Problems(String source) {
    this.source = source;
  }

  /** Notes a mistake in the value or key at {@code path} on {@code line}. */
  void at(int line, String path, String text) {
    add(source + ":" + line + ": " + (path.isEmpty() ? "" : path + ": ") + text);
  }

  /** Notes a mistake of the whole. */
  void general(String text) {
    add(source + ": " + text);
  }

  private void add(String line) {
    if (lines.size() < MOST && !lines.contains(line)) {
      lines.add(line);
    }
  }

  /** Throws if there are any. */
  void check() throws ConfigException {
    if (!lines.isEmpty()) {
      throw new ConfigException(lines);
    }
  }
}
