package io.bitrouter.core.control;

import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** Writes the small JSON objects of audit rows; holds names and scopes, never a secret. */
final class AuditText {

  private final StringJoiner members = new StringJoiner(",", "{", "}");

  AuditText with(String name, String value) {
    return withJson(name, quoted(value));
  }

  AuditText with(String name, long value) {
    return withJson(name, Long.toString(value));
  }

  AuditText with(String name, boolean value) {
    return withJson(name, Boolean.toString(value));
  }

  AuditText with(String name, List<String> values) {
    return withJson(
        name, values.stream().map(AuditText::quoted).collect(Collectors.joining(",", "[", "]")));
  }

  /** A member whose value is JSON already. */
  AuditText withJson(String name, String json) {
    members.add(quoted(name) + ":" + json);
    return this;
  }

  @Override
  public String toString() {
    return members.toString();
  }

  private static String quoted(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
