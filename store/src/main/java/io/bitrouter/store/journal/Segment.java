package io.bitrouter.store.journal;

import io.bitrouter.store.row.ByteWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One file of the journal. What is guarded is guarded by the journal's lock.
 *
 * <p>Bytes are written through a stream, not a channel: a channel closes itself when the thread
 * that uses it is interrupted, and request threads may be.
 */
final class Segment {

  /** Bytes before the first record: {@code "BRJ" version, u32 0, u64 number}. */
  static final int HEADER = 16;

  private static final int MAGIC = 'B' << 24 | 'R' << 16 | 'J' << 8;
  private static final int VERSION = 1;
  private static final Pattern NAME = Pattern.compile("(\\d{1,18})\\.journal");

  private final long number;
  private final Path path;
  private final @Nullable FileOutputStream out;
  private long length;
  private long durable;

  private Segment(long number, Path path, @Nullable FileOutputStream out, long length) {
    this.number = number;
    this.path = path;
    this.out = out;
    this.length = length;
    this.durable = out == null ? length : 0;
  }

  /** One that an earlier process wrote, readable up to {@code length}. */
  static Segment old(long number, Path path, long length) {
    return new Segment(number, path, null, length);
  }

  /** A new file with its header, readable by its owner alone. */
  static Segment create(Path folder, long number) throws IOException {
    Path path = folder.resolve("%016d.journal".formatted(number));
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    FileOutputStream out = new FileOutputStream(path.toFile(), true);
    try {
      ByteWriter header = new ByteWriter(HEADER);
      header.u32(MAGIC | VERSION);
      header.u32(0);
      header.u64(number);
      out.write(header.array(), 0, HEADER);
      return new Segment(number, path, out, HEADER);
    } catch (IOException e) {
      out.close();
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /** The number in a file's name, when it is a segment's. */
  static Optional<Long> numberOf(Path path) {
    Matcher matcher = NAME.matcher(path.getFileName().toString());
    return matcher.matches() ? Optional.of(Long.parseLong(matcher.group(1))) : Optional.empty();
  }

  /** Whether {@code header} is that of segment {@code number}. */
  static boolean isHeader(byte[] header, long number) {
    ByteWriter expected = new ByteWriter(HEADER);
    expected.u32(MAGIC | VERSION);
    expected.u32(0);
    expected.u64(number);
    return Arrays.equals(expected.toByteArray(), header);
  }

  long number() {
    return number;
  }

  Path path() {
    return path;
  }

  /** Bytes of whole records; guarded. */
  long length() {
    return length;
  }

  /** How many of them are known to be on the disk; guarded. */
  long durable() {
    return durable;
  }

  /** Notes that the first {@code bytes} are on the disk; guarded. */
  void durable(long bytes) {
    durable = Math.max(durable, bytes);
  }

  /** Appends; after an exception the file may end with a part of {@code bytes}. Guarded. */
  void write(byte[] bytes, int count) throws IOException {
    stream().write(bytes, 0, count);
    length += count;
  }

  /** Cuts off what is not a whole record, or what did not reach the disk. Guarded. */
  void cut(long keep) throws IOException {
    stream().getChannel().truncate(keep);
    length = Math.min(length, keep);
  }

  /** Forces bytes to the disk; the file's name too when none were there before. */
  void force(boolean first) throws IOException {
    stream().getChannel().force(false);
    if (first) {
      try (FileChannel folder = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
        folder.force(true);
      }
    }
  }

  /** Closes the file for writing. */
  void close() throws IOException {
    if (out != null) {
      out.close();
    }
  }

  private FileOutputStream stream() throws IOException {
    if (out == null) {
      throw new IOException(path + " belongs to an earlier run");
    }
    return out;
  }
}
