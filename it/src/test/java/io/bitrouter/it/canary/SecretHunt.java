package io.bitrouter.it.canary;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Searches for secrets by their bytes: as they are, in base 64 and in hexadecimal, in every file of
 * a folder and in any text. Not thread-safe.
 */
final class SecretHunt {

  private static final int SHORTEST = 12;

  private final Map<String, List<byte[]>> forms = new LinkedHashMap<>();

  /** Searches for one more secret from now on; {@code name} says whose it is. */
  void add(String name, byte[] secret) {
    if (secret.length < SHORTEST) {
      throw new IllegalArgumentException(name + " is too short to be searched for");
    }
    List<byte[]> own = new ArrayList<>();
    own.add(secret.clone());
    own.add(ascii(Base64.getEncoder().withoutPadding().encodeToString(secret)));
    own.add(ascii(Base64.getUrlEncoder().withoutPadding().encodeToString(secret)));
    own.add(ascii(HexFormat.of().formatHex(secret)));
    own.add(ascii(HexFormat.of().formatHex(secret).toUpperCase(Locale.ROOT)));
    forms.put(name, own);
  }

  /** Searches for one more text from now on. */
  void add(String name, String secret) {
    add(name, secret.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Searches for the content of every file of a folder from now on, line by line where it is text.
   */
  void addFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] content = Files.readAllBytes(file);
        String name = folder.relativize(file).toString();
        if (content.length >= SHORTEST) {
          add(name, content);
        }
        int number = 0;
        for (String line : new String(content, StandardCharsets.ISO_8859_1).split("\n", -1)) {
          number++;
          if (line.strip().length() >= SHORTEST) {
            add(name + " line " + number, line.strip().getBytes(StandardCharsets.ISO_8859_1));
          }
        }
      }
    }
  }

  /** Where secrets are in the files of a folder, those below {@code allowed} left out. */
  List<String> in(Path folder, List<String> allowed) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = folder.relativize(file).toString();
        if (allowed.stream().noneMatch(name::startsWith)) {
          found.addAll(in(name, Files.readAllBytes(file)));
        }
      }
    }
    return found;
  }

  /** Which secrets are in these bytes. */
  List<String> in(String where, byte[] bytes) {
    List<String> found = new ArrayList<>();
    forms.forEach((name, own) -> {
      for (byte[] form : own) {
        int at = indexOf(bytes, form);
        if (at >= 0) {
          found.add(name + " in " + where + " at byte " + at);
          return;
        }
      }
    });
    return found;
  }

  /** Which secrets are in this text. */
  List<String> in(String where, String text) {
    return in(where, text.getBytes(StandardCharsets.UTF_8));
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i <= bytes.length - wanted.length; i++) {
      int j = 0;
      while (j < wanted.length && bytes[i + j] == wanted[j]) {
        j++;
      }
      if (j == wanted.length) {
        return i;
      }
    }
    return -1;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
