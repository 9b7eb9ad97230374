package io.bitrouter.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A client of the node's API: JSON over HTTP/1.1, with or without a credential. Every answer is
 * shown to the test's {@link Sightings}. Immutable and thread-safe.
 */
public final class ControlClient {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient http;
  private final URI endpoint;
  private final String token;
  private final Sightings sightings;

  private ControlClient(HttpClient http, URI endpoint, String token, Sightings sightings) {
    this.http = http;
    this.endpoint = endpoint;
    this.token = token;
    this.sightings = sightings;
  }

  /** A client without a credential; what it sees goes to {@code sightings}. */
  public static ControlClient of(HttpClient http, URI endpoint, Sightings sightings) {
    return new ControlClient(http, endpoint, "", sightings);
  }

  /** The same with a bearer token; empty text means none. */
  public ControlClient with(String bearer) {
    return new ControlClient(http, endpoint, bearer, sightings);
  }

  /** GET. */
  public Reply get(String path) {
    return send("GET", path, "", Map.of());
  }

  /** POST of JSON. */
  public Reply post(String path, String json) {
    return send("POST", path, json, Map.of());
  }

  /** PATCH of JSON. */
  public Reply patch(String path, String json) {
    return send("PATCH", path, json, Map.of());
  }

  /** DELETE. */
  public Reply delete(String path) {
    return send("DELETE", path, "", Map.of());
  }

  /** Any request; headers given here replace the client's own. */
  public Reply send(String method, String path, String json, Map<String, String> headers) {
    return send(method, path, json.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** POST of JSON whose answer must break off: what came of it. */
  public Reply postCut(String path, String json) {
    return send("POST", path, json.getBytes(StandardCharsets.UTF_8), Map.of(), false);
  }

  /** Any request with any body; an empty one is not sent. */
  public Reply send(String method, String path, byte[] body, Map<String, String> headers) {
    return send(method, path, body, headers, true);
  }

  private Reply send(
      String method, String path, byte[] body, Map<String, String> headers, boolean whole) {
    Map<String, String> all = new HashMap<>();
    if (!token.isEmpty()) {
      all.put("authorization", "Bearer " + token);
    }
    if (body.length > 0) {
      all.put("content-type", "application/json");
    }
    headers.forEach((name, value) -> all.put(name.toLowerCase(Locale.ROOT), value));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(endpoint + path))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(TIMEOUT)
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    all.forEach(request::header);
    try {
      HttpResponse<Received> answer = http.send(request.build(), head -> Received.subscriber());
      Reply reply = new Reply(answer.statusCode(), lowerCase(answer), answer.body().bytes());
      sightings.saw(method + " " + path, reply);
      if (whole && !answer.body().whole()) {
        throw new EOFException("broke off: " + reply);
      }
      if (!whole && answer.body().whole()) {
        throw new AssertionError("did not break off: " + reply);
      }
      return reply;
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static Map<String, List<String>> lowerCase(HttpResponse<?> answer) {
    Map<String, List<String>> headers = new HashMap<>();
    answer.headers().map().forEach((name, v) -> headers.put(name.toLowerCase(Locale.ROOT), v));
    return Map.copyOf(headers);
  }
}
