package io.bitrouter.it.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.node.http.Access;
import io.bitrouter.node.http.Route;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.Sightings;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ApiDocumentTest {

  @TempDir Path folder;

  private World world;

  @BeforeEach
  void start() throws Exception {
    world = World.start(folder.resolve("home"));
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void everyRouteIsInTheDocumentAndNothingElse() {
    ApiDocument document = ApiDocument.of(world.endpoint());

    assertThat(document.operations())
        .isEqualTo(
            world.routes().stream()
                .map(route -> route.method() + " " + ApiDocument.pathOf(route))
                .collect(Collectors.toSet()));
    for (Route route : world.routes()) {
      JsonNode operation = document.operation(route);
      assertThat(operation.path("summary").asString()).as(route.path().text()).isNotEmpty();
      boolean open = route.access() instanceof Access.Public;
      assertThat(operation.path("security").isEmpty()).as(route.path().text()).isEqualTo(open);
      assertThat(operation.path("responses").has("401")).as(route.path().text()).isEqualTo(!open);
      if (route.access() instanceof Access.KeyWith(List<String> scopes)) {
        assertThat(operation.at("/security/0/bearer").valueStream().map(JsonNode::asString))
            .containsExactlyElementsOf(scopes);
      }
      assertThat(operation.path("requestBody").isMissingNode())
          .as(route.path().text())
          .isEqualTo(route.exampleBody().isEmpty());
    }
  }

  @Test
  void theReferencePageNamesEveryRouteAndNeedsNothingFromElsewhere() {
    try (HttpClient http = HttpClient.newHttpClient()) {
      Reply page = ControlClient.of(http, world.endpoint(), new Sightings()).get("/docs");
      assertThat(page.header("content-type").orElseThrow()).startsWith("text/html");
      assertThat(page.header("content-security-policy").orElseThrow())
          .startsWith("default-src 'none'");
      for (Route route : world.routes()) {
        assertThat(page.text()).contains(route.method() + " " + ApiDocument.pathOf(route));
      }
      assertThat(page.text()).doesNotContain("<script").doesNotContain("http://", "https://");
    }
  }

  @Test
  void anAnswerThatIsNotAsDocumentedIsFound() {
    JsonNode json =
        JsonMapper.shared()
            .readTree(
                """
                {"paths":{"/v1/credential":{"get":{"responses":{"200":{"content":{"application/json":
                {"schema":{"type":"object","properties":{"id":{"type":"string"},"n":{"type":"integer"}},
                "required":["id"]}}}}}}}}}
                """);
    Route route =
        world.routes().stream()
            .filter(one -> one.path().text().equals("/v1/credential"))
            .findFirst()
            .orElseThrow();
    for (String body :
        List.of("{}", "{\"id\":1}", "{\"id\":\"a\",\"n\":1.5}", "{\"id\":\"a\",\"x\":1}")) {
      ApiDocument document = ApiDocument.of(json);
      document.served(route, new Reply(200, Map.of(), body.getBytes(StandardCharsets.UTF_8)));
      assertThat(document.complaints()).as(body).hasSize(1);
    }
    ApiDocument document = ApiDocument.of(json);
    document.served(
        route, new Reply(200, Map.of(), "{\"id\":\"a\",\"n\":1}".getBytes(StandardCharsets.UTF_8)));
    assertThat(document.complaints()).isEmpty();
  }
}
