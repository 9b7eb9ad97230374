package io.bitrouter.node.http;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The API document as one page without scripts, that needs nothing from elsewhere. */
final class ReferencePage {

  private final StringBuilder page =
      new StringBuilder(PublicRoutes.resource("reference-head.html"));
  private final JsonNode schemas;

  private ReferencePage(ObjectNode document) {
    this.schemas = document.at("/components/schemas");
  }

  /** The page about an OpenAPI document. */
  static String html(ObjectNode document) {
    ReferencePage page = new ReferencePage(document);
    page.write(document);
    return page.page.toString();
  }

  private void write(ObjectNode document) {
    JsonNode info = document.path("info");
    page.append("<h1>BitRouter API</h1>\n<p>")
        .append(escaped(info.path("description").asString()))
        .append("</p>\n<p>Version ")
        .append(escaped(info.path("version").asString()))
        .append(", also as <a href=\"/openapi.json\">OpenAPI 3.1</a>.</p>\n<nav>\n");
    each(
        document,
        (path, method, operation) -> {
          page.append("<a href=\"#").append(anchor(path, method)).append("\"><code>");
          page.append(method).append(' ').append(escaped(path)).append("</code></a>\n");
        });
    page.append("</nav>\n");
    each(document, this::operation);
    page.append("</body>\n</html>\n");
  }

  @FunctionalInterface
  private interface Visitor {
    void visit(String path, String method, JsonNode operation);
  }

  private static void each(ObjectNode document, Visitor visitor) {
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        visitor.visit(
            path.getKey(), operation.getKey().toUpperCase(Locale.ROOT), operation.getValue());
      }
    }
  }

  private void operation(String path, String method, JsonNode operation) {
    page.append("<h2 id=\"").append(anchor(path, method)).append("\"><code>");
    page.append(method).append(' ').append(escaped(path)).append("</code></h2>\n<p>");
    page.append(escaped(operation.path("summary").asString()))
        .append("</p>\n<p><small>")
        .append(escaped(operation.path("description").asString("Anybody.")))
        .append(' ')
        .append(parameters(operation))
        .append("</small></p>\n");
    JsonNode sent = operation.at("/requestBody/content/application~1json");
    if (!sent.isMissingNode()) {
      String form = form(sent.path("schema"));
      page.append("<pre>").append(escaped(form));
      if (!sent.path("example").isMissingNode()) {
        page.append("\n\n").append(escaped("for example " + sent.path("example")));
      }
      page.append("</pre>\n");
    }
    JsonNode answer = operation.at("/responses/200/content/application~1json/schema");
    if (!answer.isMissingNode()) {
      page.append("<p>200</p><pre>").append(escaped(form(answer))).append("</pre>\n");
    }
    String refusals =
        operation.path("responses").properties().stream()
            .filter(response -> !response.getKey().equals("200"))
            .map(response ->
                response.getKey() + " " + response.getValue().path("description").asString())
            .collect(Collectors.joining("; "));
    if (!refusals.isEmpty()) {
      page.append("<p><small>").append(escaped(refusals)).append("</small></p>\n");
    }
  }

  private static String parameters(JsonNode operation) {
    String names =
        operation
            .path("parameters")
            .valueStream()
            .filter(parameter -> !parameter.path("in").asString().equals("path"))
            .map(parameter ->
                parameter.path("name").asString()
                    + (parameter.path("in").asString().equals("header") ? " (header)" : ""))
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "" : "Parameters: " + escaped(names) + ".";
  }

  /** An object as people write its form down: {@code {id, name?, spec:{…}}}. */
  private String form(JsonNode schema) {
    JsonNode ref = schema.path("$ref");
    if (!ref.isMissingNode()) {
      String name = ref.asString();
      return form(schemas.path(name.substring(name.lastIndexOf('/') + 1)));
    }
    if (schema.has("anyOf")) {
      return schema.path("anyOf").valueStream().map(this::form).collect(Collectors.joining(" | "));
    }
    if (schema.path("type").asString("").equals("array")) {
      return "[" + form(schema.path("items")) + "]";
    }
    if (schema.path("properties").isMissingNode()) {
      return schema.path("type").asString("").equals("object") ? "{…}" : "";
    }
    JsonNode required = schema.path("required");
    return schema.path("properties").properties().stream()
        .map(member -> {
          boolean needed =
              required.valueStream().anyMatch(one -> one.asString().equals(member.getKey()));
          String inner = form(member.getValue());
          return member.getKey() + (needed ? "" : "?") + (inner.isEmpty() ? "" : ": " + inner);
        })
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String anchor(String path, String method) {
    return method.toLowerCase(Locale.ROOT) + path.replaceAll("[^A-Za-z0-9]+", "-");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
