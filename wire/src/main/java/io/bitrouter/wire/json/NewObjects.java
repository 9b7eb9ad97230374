package io.bitrouter.wire.json;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Collects the names of objects that a provider has made for an answer and keeps: containers, files
 * and sounds. To be shown only what the provider itself writes, never a model's or a tool's words.
 * Not thread-safe.
 */
public final class NewObjects {

  /** Most names of one answer. */
  private static final int MOST = 64;

  private final Set<String> names = new LinkedHashSet<>();

  /** What was found, in order. */
  public List<String> names() {
    return List.copyOf(names);
  }

  /** Takes the text at which the parser stands. */
  public void name(JsonParser json) {
    if (json.currentToken() == JsonToken.VALUE_STRING
        && names.size() < MOST
        && json.getStringLength() <= ContentReader.MAX_HANDLE) {
      names.add(json.getString());
    }
  }

  /** Takes the {@code id} of the object at which the parser stands. */
  public void id(JsonParser json) {
    Json.members(
        json,
        (member, value) -> {
          if (member.equals("id")) {
            name(value);
          }
        });
  }

  /** Takes what is called {@code file_id} or {@code container_id}, however deep. */
  public void within(JsonParser json) {
    Json.elements(json, this::within);
    Json.members(
        json,
        (member, value) -> {
          if (member.equals("file_id") || member.equals("container_id")) {
            name(value);
          } else {
            within(value);
          }
        });
  }
}
