package io.bitrouter.it.npm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Packages of one of the lists in {@code it/src/test/npm}, installed as its lock says, a Node among
 * them, and the project's own scripts beside them. Kept below {@code build} until the list changes.
 */
public final class NpmFolder {

  private static final List<String> LISTS = List.of("package.json", "package-lock.json");

  private final Path folder;

  private NpmFolder(Path folder) {
    this.folder = folder;
  }

  /** The packages of {@code list}, installed first unless they are. */
  public static synchronized NpmFolder of(String list) throws IOException, InterruptedException {
    Path root = Path.of(System.getProperty("bitrouter.root"));
    Path sources = root.resolve("it/src/test/npm");
    Path all = Files.createDirectories(root.resolve("build/npm"));
    Path folder = all.resolve(list + "-" + hash(sources.resolve(list)));
    Path installed = folder.resolve("installed");
    if (!Files.exists(installed)) {
      forget(all, list);
      Files.createDirectories(folder);
      for (String name : LISTS) {
        Files.copy(sources.resolve(list).resolve(name), folder.resolve(name));
      }
      install(folder);
      Files.createFile(installed);
    }
    try (Stream<Path> scripts = Files.list(sources)) {
      for (Path script : scripts.filter(file -> file.toString().endsWith(".mjs")).toList()) {
        Files.copy(
            script, folder.resolve(script.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return new NpmFolder(folder);
  }

  /** A program of the packages. */
  public Path program(String name) {
    return programs().resolve(name);
  }

  /** Where all their programs are. */
  Path programs() {
    return folder.resolve("node_modules/.bin");
  }

  /** A script of the project. */
  public Path script(String name) {
    return folder.resolve(name);
  }

  /** Not {@code npm ci}: it wants packages for machines of kinds that not every registry has. */
  private static void install(Path folder) throws IOException, InterruptedException {
    Path log = folder.resolve("install.log");
    int exit =
        new ProcessBuilder("npm", "install", "--no-audit", "--no-fund")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IllegalStateException(
          "npm could not install " + folder + ":\n" + Files.readString(log));
    }
  }

  private static void forget(Path all, String list) throws IOException {
    try (Stream<Path> folders = Files.list(all)) {
      for (Path old : folders.filter(path -> named(path).startsWith(list + "-")).toList()) {
        try (Stream<Path> files = Files.walk(old)) {
          for (Path file : files.toList().reversed()) {
            Files.delete(file);
          }
        }
      }
    }
  }

  private static String named(Path path) {
    return path.getFileName().toString();
  }

  private static String hash(Path list) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String name : LISTS) {
        digest.update(Files.readAllBytes(list.resolve(name)));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
