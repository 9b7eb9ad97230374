package io.bitrouter.node.boot;

import io.bitrouter.wire.control.ControlFormatException;
import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.NodeFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The folder that holds a node's state, locked for as long as the node runs. Everything in it is
 * readable by its owner alone.
 */
final class NodeHome implements AutoCloseable {

  private static final long ASK_AGAIN_NANOS = 2_000_000;
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);
  private static final FileAttribute<?> OWNER_ONLY_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> OWNER_ONLY_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /**
   * The homes that this process holds. The system's file locks belong to the whole process, and
   * closing any of its channels to the file gives the lock up: only the process can tell.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final Path real;
  private final FileChannel lockFile;

  private NodeHome(Path folder, Path real, FileChannel lockFile) {
    this.folder = folder;
    this.real = real;
    this.lockFile = lockFile;
  }

  /**
   * Makes the folder if it is not there, and takes it.
   *
   * @param patience how long to wait for another node to let go of it
   * @throws StartException when another node holds it or others can read its secrets
   */
  static NodeHome take(Path folder, Duration patience) throws StartException {
    try {
      for (Path part : List.of(folder, folder.resolve("secrets"), folder.resolve("logs"))) {
        Files.createDirectories(part, OWNER_ONLY_FOLDER);
      }
      refuseReadableSecrets(folder.resolve("secrets"));
      return locked(folder, patience);
    } catch (IOException e) {
      throw new StartException(
          "the home " + folder + " cannot be used: " + e.getMessage() + "; set BITROUTER_HOME", e);
    }
  }

  Path folder() {
    return folder;
  }

  Path secret(String name) {
    return folder.resolve("secrets").resolve(name);
  }

  /** Writes a file whole or not at all, readable by the owner alone. */
  void write(Path file, byte[] content) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    try (FileChannel channel =
        FileChannel.open(
            draft,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OWNER_ONLY_FILE)) {
      channel.write(java.nio.ByteBuffer.wrap(content));
      channel.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Says to programs on this machine where the node is. */
  void announce(NodeFile node) throws IOException {
    write(folder.resolve("node.json"), ControlJson.bytes(node));
  }

  /** Takes the announcement back. */
  void withdraw() {
    try {
      Files.deleteIfExists(folder.resolve("node.json"));
    } catch (IOException leftBehind) {
      // A stale file names a process that is gone, which readers check.
    }
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException alreadyReleased) {
      // The lock ends with the process in any case.
    }
    HELD.remove(real);
  }

  /** The system can wait for a lock, but for ever; so this asks again and again. */
  private static NodeHome locked(Path folder, Duration patience)
      throws IOException, StartException {
    long deadline = System.nanoTime() + patience.toNanos();
    Optional<NodeHome> taken = tryLock(folder);
    while (taken.isEmpty()) {
      if (System.nanoTime() - deadline >= 0) {
        throw held(folder);
      }
      LockSupport.parkNanos(ASK_AGAIN_NANOS);
      taken = tryLock(folder);
    }
    return taken.get();
  }

  private static Optional<NodeHome> tryLock(Path folder) throws IOException {
    Path real = folder.toRealPath();
    if (!HELD.add(real)) {
      return Optional.empty();
    }
    boolean locked = false;
    try {
      FileChannel channel =
          FileChannel.open(
              folder.resolve("node.lock"),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              OWNER_ONLY_FILE);
      locked = channel.tryLock() != null;
      if (!locked) {
        channel.close();
        return Optional.empty();
      }
      return Optional.of(new NodeHome(folder, real, channel));
    } finally {
      if (!locked) {
        HELD.remove(real);
      }
    }
  }

  private static StartException held(Path folder) {
    return new StartException(
        "another node"
            + announced(folder)
            + " holds the home "
            + folder
            + "; stop it with 'bitrouter stop', or set BITROUTER_HOME to another folder");
  }

  /** Who holds the home, if it has got as far as saying so. */
  private static String announced(Path folder) {
    try {
      byte[] file = Files.readAllBytes(folder.resolve("node.json"));
      return " (pid " + ControlJson.read(file, NodeFile.class).pid() + ")";
    } catch (IOException | ControlFormatException notYet) {
      return "";
    }
  }

  private static void refuseReadableSecrets(Path secrets) throws IOException, StartException {
    try (Stream<Path> files = Files.list(secrets)) {
      for (Path file : files.toList()) {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.stream().anyMatch(OTHERS::contains)) {
          throw new StartException("others can read " + file + "; run: chmod 600 " + file);
        }
      }
    }
  }
}
