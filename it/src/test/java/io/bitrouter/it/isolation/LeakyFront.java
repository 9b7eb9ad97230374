package io.bitrouter.it.isolation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Stands in front of a node, passes requests on, and has one planted hole: what a node with that
 * defect would answer.
 */
final class LeakyFront implements AutoCloseable {

  /** A request on its way to the node. */
  record Passing(String method, String path, String authorization, byte[] body) {
    Passing as(String token) {
      return new Passing(method, path, "Bearer " + token, body);
    }

    Passing to(String otherPath) {
      return new Passing(method, otherPath, authorization, body);
    }
  }

  private static final List<String> NOT_COPIED =
      List.of("content-length", "transfer-encoding", "connection");

  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI node;
  private final Function<Passing, Passing> hole;

  LeakyFront(URI node, Function<Passing, Passing> hole) throws IOException {
    this.node = node;
    this.hole = hole;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::pass);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      List<String> auth = new ArrayList<>();
      auth.addAll(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
      Passing passing =
          hole.apply(
              new Passing(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI().toString(),
                  auth.isEmpty() ? "" : auth.getFirst(),
                  exchange.getRequestBody().readAllBytes()));
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(node + passing.path()))
              .version(HttpClient.Version.HTTP_1_1)
              .method(passing.method(), BodyPublishers.ofByteArray(passing.body()));
      if (!passing.authorization().isEmpty()) {
        request.header("authorization", passing.authorization());
      }
      HttpResponse<byte[]> reply = http.send(request.build(), BodyHandlers.ofByteArray());
      reply
          .headers()
          .map()
          .forEach((name, values) -> {
            if (!NOT_COPIED.contains(name.toLowerCase(Locale.ROOT))) {
              exchange.getResponseHeaders().put(name, values);
            }
          });
      boolean bodyless = passing.method().equals("HEAD") || reply.body().length == 0;
      exchange.sendResponseHeaders(reply.statusCode(), bodyless ? -1 : reply.body().length);
      if (!bodyless) {
        exchange.getResponseBody().write(reply.body());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    http.close();
  }
}
