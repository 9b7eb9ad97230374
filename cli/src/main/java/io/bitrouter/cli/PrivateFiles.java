package io.bitrouter.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** Files that only their owner may read. */
final class PrivateFiles {
  private static final int MAX_BYTES = 1 << 20;

  private PrivateFiles() {}

  /**
   * The content, or nothing when there is no such file.
   *
   * @throws Failure when others may read or write it, or it cannot be read
   */
  static Optional<byte[]> read(Path file) {
    try {
      String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
      if (!mode.endsWith("------")) {
        throw Failure.of(
            Exit.FAILURE,
            file + " holds a secret and can be read or changed by others, so it is not used",
            "chmod 600 " + file);
      }
      if (Files.size(file) > MAX_BYTES) {
        throw Failure.of(Exit.FAILURE, file + " is larger than 1 MiB, so it is not used");
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw Failure.of(Exit.FAILURE, "cannot read " + file + ": " + reason(e));
    }
  }

  /**
   * Replaces the file in one step, with mode 0600; makes missing folders with mode 0700.
   *
   * @throws Failure when it cannot be written
   */
  static void write(Path file, byte[] content) {
    try {
      Path folder = folder(file.toAbsolutePath().resolveSibling(".").normalize());
      Path draft =
          Files.createTempFile(folder, "." + file.getFileName(), ".new", mode("rw-------"));
      try {
        Files.write(draft, content);
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw Failure.of(Exit.FAILURE, "cannot write " + file + ": " + reason(e));
    }
  }

  /** The folder, made with mode 0700 when it is missing. */
  static Path folder(Path folder) {
    try {
      return Files.isDirectory(folder)
          ? folder
          : Files.createDirectories(folder, mode("rwx------"));
    } catch (IOException e) {
      throw Failure.of(Exit.FAILURE, "cannot make " + folder + ": " + reason(e));
    }
  }

  static String reason(IOException e) {
    return e instanceof FileSystemException file && file.getReason() != null
        ? file.getReason()
        : e.getClass().getSimpleName();
  }

  private static FileAttribute<?> mode(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }
}
