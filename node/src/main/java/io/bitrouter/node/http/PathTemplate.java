package io.bitrouter.node.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A path with parameters: {@code /v1/namespaces/{nsid}/keys/{id}}. A last parameter written {@code
 * {id...}} takes the rest of the path, slashes included, and a literal can follow it: {@code
 * {model...}:generateContent}. Nothing is normalised: an empty segment or a trailing slash is
 * another path.
 */
public record PathTemplate(String text, List<String> segments, Pattern form) {

  public static PathTemplate of(String text) {
    List<String> segments = List.of(text.substring(1).split("/", -1));
    String form =
        segments.stream().map(PathTemplate::form).collect(Collectors.joining("/", "/", ""));
    return new PathTemplate(text, segments, Pattern.compile(form, Pattern.DOTALL));
  }

  private static String form(String segment) {
    if (!isParameter(segment)) {
      return Pattern.quote(segment);
    }
    String taken = segment.contains("...}") ? "(.+)" : "([^/]+)";
    return taken + Pattern.quote(segment.substring(segment.indexOf('}') + 1));
  }

  /** Names of the parameters, in order. */
  public List<String> parameters() {
    return segments.stream().filter(PathTemplate::isParameter).map(PathTemplate::nameOf).toList();
  }

  /** The parameters of {@code path}, decoded, or empty when it does not match. */
  public Optional<Map<String, String>> match(String path) {
    Matcher matcher = form.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : parameters()) {
      Optional<String> value = decoded(matcher.group(values.size() + 1));
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.put(name, value.get());
    }
    return Optional.of(values);
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

  static String nameOf(String segment) {
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
