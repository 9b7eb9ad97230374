package io.bitrouter.wire.sim;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Writes the members of one usage object; those that the steering names come from there. */
final class UsageMembers {

  private final JsonGenerator json;
  private final Steering steering;
  private final Set<String> written = new HashSet<>();

  UsageMembers(JsonGenerator json, Steering steering) {
    this.json = json;
    this.steering = steering;
  }

  /** Writes one member. */
  UsageMembers member(String name, long plain) {
    written.add(name);
    json.writeName(name);
    JsonNode steered = steering.usage().map(usage -> usage.get(name)).orElse(null);
    if (steered == null) {
      json.writeNumber(plain);
    } else {
      json.writeRawValue(steered.toString());
    }
    return this;
  }

  /** Leaves a member out, even if the steering names it. */
  UsageMembers without(String name) {
    written.add(name);
    return this;
  }

  /** Writes what the steering names beyond the plain members. */
  void rest() {
    steering
        .usage()
        .ifPresent(usage -> {
          for (Map.Entry<String, JsonNode> member : usage.properties()) {
            if (!written.contains(member.getKey())) {
              json.writeName(member.getKey());
              json.writeRawValue(member.getValue().toString());
            }
          }
        });
  }
}
