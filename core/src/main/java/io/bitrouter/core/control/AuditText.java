package io.bitrouter.core.control;

import java.util.List;

/** Writes the small JSON objects of audit rows; holds names and scopes, never a secret. */
final class AuditText {

  private final StringBuilder text = new StringBuilder("{");

  AuditText with(String name, String value) {
    member(name);
    quote(value);
    return this;
  }

  AuditText with(String name, long value) {
    member(name);
    text.append(value);
    return this;
  }

  AuditText with(String name, List<String> values) {
    member(name);
    text.append('[');
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        text.append(',');
      }
      quote(values.get(i));
    }
    text.append(']');
    return this;
  }

  AuditText with(String name, boolean value) {
    member(name);
    text.append(value);
    return this;
  }

  /** A member whose value is JSON already. */
  AuditText withJson(String name, String json) {
    member(name);
    text.append(json);
    return this;
  }

  @Override
  public String toString() {
    return text + "}";
  }

  private void member(String name) {
    if (text.length() > 1) {
      text.append(',');
    }
    quote(name);
    text.append(':');
  }

  private void quote(String value) {
    text.append('"');
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
    text.append('"');
  }
}
