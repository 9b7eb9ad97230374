package io.bitrouter.it.isolation;

import io.bitrouter.node.http.Route;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.Sightings;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The node's own description of its API, and answers held against it. */
final class ApiDocument {

  private final JsonNode document;
  private final List<String> complaints = new ArrayList<>();
  private int served;

  private ApiDocument(JsonNode document) {
    this.document = document;
  }

  static ApiDocument of(JsonNode document) {
    return new ApiDocument(document);
  }

  static ApiDocument of(URI endpoint) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return new ApiDocument(
          ControlClient.of(http, endpoint, new Sightings())
              .get("/openapi.json")
              .mustBe(200)
              .json());
    }
  }

  /** Every {@code METHOD path} that it describes. */
  Set<String> operations() {
    Set<String> operations = new HashSet<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      path.getValue()
          .propertyNames()
          .forEach(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey()));
    }
    return operations;
  }

  /** The operation of a route. */
  JsonNode operation(Route route) {
    return document.path("paths").path(pathOf(route)).path(route.method().toLowerCase(Locale.ROOT));
  }

  static String pathOf(Route route) {
    return route.path().text().replace("...}", "}");
  }

  /** Holds an answer against what the document says of its route and status. */
  void served(Route route, Reply reply) {
    served++;
    JsonNode responses = operation(route).path("responses");
    JsonNode content = responses.path(Integer.toString(reply.status())).path("content");
    JsonNode schema = content.path("application/json").path("schema");
    String where = route.method() + " " + route.path().text() + " " + reply.status();
    if (schema.isMissingNode()) {
      complaints.add(where + ": not in the document");
      return;
    }
    check(where, schema, JsonMapper.shared().readTree(reply.body()));
  }

  int served() {
    return served;
  }

  List<String> complaints() {
    return List.copyOf(complaints);
  }

  private void check(String where, JsonNode schema, JsonNode value) {
    JsonNode reference = schema.path("$ref");
    if (!reference.isMissingNode()) {
      JsonNode named = document.at(reference.asString().substring(1));
      if (named.isMissingNode()) {
        complaints.add(where + ": " + reference + " is nowhere");
      } else {
        check(where, named, value);
      }
      return;
    }
    if (schema.has("anyOf")) {
      boolean one =
          schema
              .path("anyOf")
              .valueStream()
              .anyMatch(each -> {
                ApiDocument trial = new ApiDocument(document);
                trial.check(where, each, value);
                return trial.complaints.isEmpty();
              });
      if (!one) {
        complaints.add(where + ": " + value + " is none of " + schema);
      }
      return;
    }
    boolean fits =
        switch (schema.path("type").asString("any")) {
          case "object" -> value.isObject();
          case "array" -> value.isArray();
          case "string" -> value.isString();
          case "boolean" -> value.isBoolean();
          case "integer" -> value.isIntegralNumber();
          default -> false;
        };
    if (!fits) {
      complaints.add(where + ": " + value + " is not " + schema);
      return;
    }
    if (value.isArray()) {
      for (JsonNode item : value) {
        check(where + "[]", schema.path("items"), item);
      }
    }
    if (value.isObject() && schema.has("properties")) {
      members(where, schema, value);
    }
  }

  private void members(String where, JsonNode schema, JsonNode value) {
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.asString())) {
        complaints.add(where + ": " + name.asString() + " is missing in " + value);
      }
    }
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      JsonNode known = schema.path("properties").path(member.getKey());
      if (!known.isMissingNode()) {
        check(where + "." + member.getKey(), known, member.getValue());
      } else if (!schema.path("additionalProperties").isObject()) {
        complaints.add(where + ": " + member.getKey() + " is not in the document");
      }
    }
  }
}
