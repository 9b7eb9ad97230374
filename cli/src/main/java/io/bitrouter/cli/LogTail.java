package io.bitrouter.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Reads the end of a log and what is added to it. */
final class LogTail {
  private static final int BLOCK = 64 * 1024;
  private static final int MAX_TAIL_BYTES = 16 << 20;
  private static final Duration POLL = Duration.ofMillis(200);

  private LogTail() {}

  /**
   * The end of a log as it was at one moment.
   *
   * @param lines its last lines
   * @param end its size, from which to follow it
   */
  record End(List<String> lines, long end) {}

  /** The last lines; none when there is no such file. */
  static End last(Path file, int count) {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      long size = log.length();
      long start = size;
      byte[] bytes = new byte[0];
      while (start > 0 && size - start < MAX_TAIL_BYTES && lineBreaks(bytes) <= count) {
        start = Math.max(0, size - Math.max(BLOCK, (size - start) * 2));
        bytes = new byte[(int) (size - start)];
        log.seek(start);
        log.readFully(bytes);
      }
      List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return new End(lines.subList(Math.max(0, lines.size() - count), lines.size()), size);
    } catch (IOException e) {
      return new End(List.of(), 0);
    }
  }

  private static long lineBreaks(byte[] bytes) {
    long count = 0;
    for (byte b : bytes) {
      count += b == '\n' ? 1 : 0;
    }
    return count;
  }

  /**
   * Prints what is added behind {@code from}, through rotations, until nobody reads it or the
   * thread is interrupted.
   */
  static void follow(Path file, long from, Output output) {
    try {
      Object key = fileKey(file);
      RandomAccessFile log = new RandomAccessFile(file.toFile(), "r");
      try {
        log.seek(Math.min(from, log.length()));
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (!output.closed()) {
          copy(log, line, output);
          output.flush();
          Object now = fileKey(file);
          if (!now.equals(key) || log.length() < log.getFilePointer()) {
            copy(log, line, output);
            log.close();
            log = new RandomAccessFile(file.toFile(), "r");
            key = now;
          } else {
            Thread.sleep(POLL);
          }
        }
      } finally {
        log.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw Failure.of(Exit.FAILURE, "cannot read " + file + ": " + PrivateFiles.reason(e));
    }
  }

  private static void copy(RandomAccessFile log, ByteArrayOutputStream line, Output output)
      throws IOException {
    byte[] block = new byte[BLOCK];
    for (int n = log.read(block); n > 0; n = log.read(block)) {
      for (int i = 0; i < n; i++) {
        if (block[i] == '\n' || line.size() == BLOCK) {
          output.line(line.toString(StandardCharsets.UTF_8));
          line.reset();
        }
        if (block[i] != '\n') {
          line.write(block[i]);
        }
      }
    }
  }

  private static Object fileKey(Path file) throws IOException, InterruptedException {
    while (true) {
      try {
        Object key =
            Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class).fileKey();
        return key == null ? file : key;
      } catch (NoSuchFileException e) {
        // Between the renaming of the old log and the making of the new one.
        Thread.sleep(POLL);
      }
    }
  }
}
