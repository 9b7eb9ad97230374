package io.bitrouter.node.http;

import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.wire.control.ErrorBody;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The API as an OpenAPI 3.1 document, made of the route table and the records of its bodies, so
 * that it cannot say anything else than the node does.
 */
final class OpenApi {

  private final ObjectNode document = JsonNodeFactory.instance.objectNode();
  private final Schemas schemas;

  private OpenApi(String version) {
    document.put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "BitRouter")
        .put("version", version)
        .put(
            "description",
            "A gateway to language models whose keys each belong to one namespace. {nsid} is the"
                + " id of the key's own namespace, or me. Money is integers: micro_usd are"
                + " millionths, nano_usd billionths of a US dollar.");
    document.putObject("paths");
    ObjectNode components = document.putObject("components");
    ObjectNode security = components.putObject("securitySchemes");
    security.putObject("bearer").put("type", "http").put("scheme", "bearer");
    security
        .putObject("x_api_key")
        .put("type", "apiKey")
        .put("in", "header")
        .put("name", "x-api-key");
    this.schemas = new Schemas(components.putObject("schemas"));
  }

  /** The document about {@code routes}. */
  static ObjectNode of(List<Route> routes, String version) {
    OpenApi api = new OpenApi(version);
    routes.forEach(api::add);
    return api.document;
  }

  private void add(Route route) {
    String path = route.path().text().replace("...}", "}");
    ObjectNode operation =
        ((ObjectNode) document.path("paths"))
            .withObjectProperty(path)
            .putObject(route.method().toLowerCase(Locale.ROOT));
    operation.put("summary", route.about().summary());
    access(route.access(), operation);
    parameters(route, operation);
    route
        .exampleBody()
        .ifPresent(example -> {
          ObjectNode json = content(operation.putObject("requestBody").put("required", true));
          ObjectNode schema = json.putObject("schema");
          route
              .about()
              .body()
              .ifPresentOrElse(
                  type -> schemas.refer(type, schema), () -> schema.put("type", "object"));
          json.set("example", JsonMapper.shared().readTree(example));
        });
    responses(route, operation.putObject("responses"));
  }

  private static void access(Access access, ObjectNode operation) {
    switch (access) {
      case Access.Public unused -> operation.putArray("security");
      case Access.AnyCredential unused -> {
        operation.put("description", "Any credential.");
        security(operation, List.of());
      }
      case Access.KeyWith(List<String> scopes) -> {
        operation.put(
            "description",
            scopes.isEmpty() ? "Any key." : "A key with " + String.join(" and ", scopes) + ".");
        security(operation, scopes);
      }
      case Access.OperatorWith(String scope) -> {
        operation.put("description", "An operator credential with " + scope + ".");
        security(operation, List.of(scope));
      }
      case Access.KeyOrOperator(String key, String operator) -> {
        operation.put(
            "description",
            "A key with " + key + " or an operator credential with " + operator + ".");
        security(operation, List.of(key));
      }
    }
  }

  private static void security(ObjectNode operation, List<String> scopes) {
    ArrayNode either = operation.putArray("security");
    for (String scheme : List.of("bearer", "x_api_key")) {
      ArrayNode roles = either.addObject().putArray(scheme);
      scopes.forEach(roles::add);
    }
  }

  private static void parameters(Route route, ObjectNode operation) {
    ArrayNode parameters = operation.putArray("parameters");
    for (String name : route.path().parameters()) {
      parameter(parameters, name, "path", "string").put("required", true);
    }
    for (String name : route.query()) {
      parameter(parameters, name, "query", name.equals(Route.DRY_RUN) ? "boolean" : "string");
    }
    if (route.changes() == Route.Changes.MAKES) {
      parameter(parameters, "Idempotency-Key", "header", "string")
          .put(
              "description",
              "Names this request: repeated within a day it is answered as before and makes"
                  + " nothing again.");
    }
    if (revised(route) && route.changes() != Route.Changes.NOTHING) {
      parameter(parameters, "If-Match", "header", "string")
          .put("description", "The ETag that the change is about; another revision is a 409.");
    }
  }

  private static ObjectNode parameter(ArrayNode parameters, String name, String in, String type) {
    ObjectNode parameter = parameters.addObject().put("name", name).put("in", in);
    parameter.putObject("schema").put("type", type);
    return parameter;
  }

  private static boolean revised(Route route) {
    return route.ids().values().stream()
        .anyMatch(kind ->
            switch (kind) {
              case POLICY, BUDGET, PRESET, LOCKED_POLICY -> true;
              default -> false;
            });
  }

  private void responses(Route route, ObjectNode responses) {
    ObjectNode ok = responses.putObject("200").put("description", "Done");
    switch (route.about().answer()) {
      case Route.Shape.Body(Class<?> type) -> schemas.refer(type, content(ok).putObject("schema"));
      case Route.Shape.OfProtocol unused -> {
        ObjectNode schema = content(ok).putObject("schema");
        if (route.path().text().endsWith(":streamGenerateContent")) {
          // Gemini streams an array unless it is asked for events.
          schema.put("type", "array").putObject("items").put("type", "object");
        } else {
          schema.put("type", "object");
        }
      }
      case Route.Shape.Page unused ->
          ok.putObject("content").putObject("text/html").putObject("schema").put("type", "string");
    }
    refusals(route)
        .forEach((status, description) -> {
          ObjectNode response =
              responses.putObject(status.toString()).put("description", description);
          ObjectNode schema = content(response).putObject("schema");
          if (route.envelope() == Route.Envelope.FLAT) {
            schemas.refer(ErrorBody.class, schema);
          } else {
            schema.put("type", "object").put("description", "The protocol's own error");
          }
        });
  }

  /** What a route can refuse with, by status. */
  private static Map<Integer, String> refusals(Route route) {
    Map<Integer, String> refusals = new TreeMap<>();
    if (route.access() instanceof Access.Public) {
      return refusals;
    }
    refusals.put(401, "No valid credential");
    boolean takesAnything = !route.query().isEmpty() || route.exampleBody().isPresent();
    if (takesAnything) {
      refusals.put(400, "A parameter or member is wrong; the message names it");
    }
    if (!(route.access() instanceof Access.AnyCredential)) {
      refusals.put(403, "The credential is good but not for this");
    }
    if (!route.ids().isEmpty()) {
      refusals.put(404, "No such thing, or none that this credential may know of");
    }
    if (route.changes() != Route.Changes.NOTHING) {
      refusals.put(409, "The change contradicts the present state");
    }
    if (route.exampleBody().isPresent()) {
      refusals.put(413, "The body is too large");
      refusals.put(415, "The body is encoded in a way that the node does not read");
    }
    refusals.put(503, "The store cannot be reached, or the node is at a bound");
    if (route.meter() == Route.Meter.INFERENCE) {
      refusals.put(402, RefusalCode.BUDGET_EXCEEDED.text());
      refusals.put(429, "A limit of rates, concurrency or money in flight");
      refusals.put(502, "The upstream failed");
      refusals.put(504, "The upstream took too long");
    }
    return refusals;
  }

  private static ObjectNode content(ObjectNode of) {
    return of.putObject("content").putObject("application/json");
  }
}
