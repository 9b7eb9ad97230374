package io.bitrouter.node.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path with parameters: {@code /v1/namespaces/{nsid}/keys/{id}}. A last parameter written {@code
 * {id...}} takes the rest of the path, slashes included, and a literal can follow it: {@code
 * {model...}:generateContent}. Nothing is normalised: an empty segment or a trailing slash is
 * another path.
 */
public record PathTemplate(String text, List<String> segments) {

  /** Parses a template. */
  public static PathTemplate of(String text) {
    return new PathTemplate(text, List.of(text.substring(1).split("/", -1)));
  }

  /** Names of the parameters, in order. */
  public List<String> parameters() {
    return segments.stream().filter(PathTemplate::isParameter).map(PathTemplate::nameOf).toList();
  }

  /** The parameters of {@code path}, decoded, or empty when it does not match. */
  public Optional<Map<String, String>> match(String path) {
    if (!path.startsWith("/")) {
      return Optional.empty();
    }
    List<String> parts = List.of(path.substring(1).split("/", -1));
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      if (i >= parts.size()) {
        return Optional.empty();
      }
      if (segment.contains("...}")) {
        String rest = String.join("/", parts.subList(i, parts.size()));
        String after = segment.substring(segment.indexOf('}') + 1);
        if (!rest.endsWith(after)) {
          return Optional.empty();
        }
        return decoded(rest.substring(0, rest.length() - after.length()))
            .filter(value -> !value.isEmpty())
            .map(value -> {
              values.put(nameOf(segment), value);
              return values;
            });
      }
      if (isParameter(segment)) {
        Optional<String> value = decoded(parts.get(i)).filter(text -> !text.isEmpty());
        if (value.isEmpty()) {
          return Optional.empty();
        }
        values.put(nameOf(segment), value.get());
      } else if (!segment.equals(parts.get(i))) {
        return Optional.empty();
      }
    }
    return parts.size() == segments.size() ? Optional.of(values) : Optional.empty();
  }

  /** What must follow a parameter that takes the rest of the path; empty for most. */
  public String ending() {
    String last = segments.getLast();
    return last.contains("...}") ? last.substring(last.indexOf('}') + 1) : "";
  }

  /** Whether {@code path} has this form but for its {@link #ending}. */
  public boolean matchesButEnding(String path) {
    return of(text.substring(0, text.length() - ending().length())).match(path).isPresent();
  }

  /** The template with values in place of parameters, encoded. */
  public String fill(Map<String, String> values) {
    List<String> parts = new ArrayList<>();
    for (String segment : segments) {
      String after = segment.substring(segment.indexOf('}') + 1);
      parts.add(isParameter(segment) ? values.getOrDefault(nameOf(segment), "") + after : segment);
    }
    return "/" + String.join("/", parts);
  }

  private static boolean isParameter(String segment) {
    return segment.startsWith("{");
  }

  private static String nameOf(String segment) {
    String name = segment.substring(1, segment.indexOf('}'));
    return name.endsWith("...") ? name.substring(0, name.length() - 3) : name;
  }

  private static Optional<String> decoded(String text) {
    if (text.indexOf('%') < 0) {
      return Optional.of(text);
    }
    try {
      return Optional.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
