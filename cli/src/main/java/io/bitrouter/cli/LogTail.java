package io.bitrouter.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;

/** Reads the end of a log and what is added to it. */
final class LogTail {
  private static final int BLOCK = 64 * 1024;
  private static final int MAX_TAIL_BYTES = 16 << 20;
  private static final Duration POLL = Duration.ofMillis(200);

  private LogTail() {}

  /**
   * The end of a log as it was at one moment.
   *
   * @param bytes its last lines
   * @param size from where to follow it
   */
  record End(byte[] bytes, long size) {}

  /** The last lines, in at most 16 MiB; none when there is no such file. */
  static End last(Path file, int lines) {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      long size = log.length();
      byte[] bytes = new byte[(int) Math.min(size, MAX_TAIL_BYTES)];
      log.seek(size - bytes.length);
      log.readFully(bytes);
      int start = bytes.length;
      int missing = lines;
      while (start > 0 && missing > 0) {
        start--;
        if (start > 0 && bytes[start - 1] == '\n') {
          missing--;
        }
      }
      return new End(Arrays.copyOfRange(bytes, start, bytes.length), size);
    } catch (IOException e) {
      return new End(new byte[0], 0);
    }
  }

  /**
   * Prints what is added behind {@code from}, through rotations, until nobody reads it or the
   * thread is interrupted.
   */
  static void follow(Path file, long from, Output output) {
    byte[] block = new byte[BLOCK];
    boolean read = true;
    for (long start = from; read; start = 0) {
      try {
        Object key = key(file);
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
          log.seek(Math.min(start, log.length()));
          boolean replaced = false;
          while (read && !replaced) {
            Thread.sleep(POLL);
            // Before the last reading, so that nothing is missed that was written until then.
            replaced = !key.equals(key(file)) || log.length() < log.getFilePointer();
            for (int n = log.read(block); n > 0; n = log.read(block)) {
              output.raw(block, n);
            }
            read = !output.closed();
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (IOException e) {
        throw Failure.of(Exit.FAILURE, "cannot read " + file + ": " + PrivateFiles.reason(e));
      }
    }
  }

  private static Object key(Path file) throws IOException, InterruptedException {
    while (true) {
      try {
        return String.valueOf(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
      } catch (NoSuchFileException e) {
        // Between the renaming of the old log and the making of the new one.
        Thread.sleep(POLL);
      }
    }
  }
}
