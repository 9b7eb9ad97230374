package io.bitrouter.node.http;

import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.ReplyHead;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What anybody may ask: is it there, is it well, what is it. Shows nothing of any namespace. */
final class PublicRoutes {

  private static final String JSON = "application/json";

  private final Supplier<Readiness> readiness;
  private final String version;
  private Supplier<ObjectNode> describing = JsonNodeFactory.instance::objectNode;
  private Optional<Described> described = Optional.empty();

  /** The document as JSON and as a page. */
  private record Described(byte[] document, byte[] reference) {}

  PublicRoutes(Supplier<Readiness> readiness, String version) {
    this.readiness = readiness;
    this.version = version;
  }

  /**
   * Takes the document about all routes, these included, before the first of them is served. It is
   * asked for when somebody wants to see it: a start has no time for it.
   */
  void documented(Supplier<ObjectNode> api) {
    describing = api;
  }

  void document(ClientExchange exchange) {
    exchange.reply(new ReplyHead(200, JSON, List.of()), described().document());
  }

  void reference(ClientExchange exchange) {
    page(exchange, described().reference());
  }

  private synchronized Described described() {
    Described made =
        described.orElseGet(() -> {
          ObjectNode api = describing.get();
          return new Described(
              api.toString().getBytes(StandardCharsets.UTF_8),
              ReferencePage.html(api).getBytes(StandardCharsets.UTF_8));
        });
    described = Optional.of(made);
    return made;
  }

  void home(ClientExchange exchange) {
    page(
        exchange,
        resource("home.html").replace("{{version}}", version).getBytes(StandardCharsets.UTF_8));
  }

  /** A text that stands beside this class. */
  static String resource(String name) {
    try (InputStream in = PublicRoutes.class.getResourceAsStream(name)) {
      byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void page(ClientExchange exchange, byte[] html) {
    exchange.reply(
        new ReplyHead(
            200,
            "text/html; charset=utf-8",
            List.of(
                new HeaderField(
                    "content-security-policy",
                    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
                new HeaderField("cache-control", "no-store"))),
        html);
  }

  void ping(ClientExchange exchange) {
    reply(exchange, 200, "{\"status\":\"ok\"}");
  }

  void live(ClientExchange exchange) {
    reply(exchange, 200, "{\"status\":\"live\"}");
  }

  void ready(ClientExchange exchange) {
    Readiness state = readiness.get();
    reply(
        exchange,
        state.ready() ? 200 : 503,
        """
        {"status":"%s","store":%s,"journal":%s,"refused_rows":%d}\
        """
            .formatted(
                state.ready() ? "ready" : "not_ready",
                state.store(),
                state.journal(),
                state.refusedRows()));
  }

  private static void reply(ClientExchange exchange, int status, String json) {
    exchange.reply(
        new ReplyHead(status, JSON, List.of(new HeaderField("cache-control", "no-store"))),
        json.getBytes(StandardCharsets.UTF_8));
  }
}
