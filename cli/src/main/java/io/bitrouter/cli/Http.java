package io.bitrouter.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * One HTTP exchange. Redirects are never followed: a key goes to the origin it was given for and
 * nowhere else.
 *
 * <p>HttpURLConnection costs half the start-up time of HttpClient; the latter is loaded only for
 * what the former cannot do, such as PATCH.
 */
final class Http {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int MAX_BODY_BYTES = 16 << 20;

  static {
    // A repeated POST could mint a second key.
    System.setProperty("sun.net.http.retryPost", "false");
  }

  private Http() {}

  record Header(String name, String value) {}

  /** What to send; a later header of the same name replaces an earlier one. */
  record Request(String method, String url, List<Header> headers, Optional<byte[]> body) {}

  /** What came back; to be closed. */
  record Reply(int status, List<Header> headers, InputStream body) implements AutoCloseable {
    Optional<String> header(String name) {
      return headers.stream()
          .filter(header -> header.name().equalsIgnoreCase(name))
          .map(Header::value)
          .findFirst();
    }

    boolean succeeded() {
      return status / 100 == 2;
    }

    /** The whole body, at most 16 MiB. */
    byte[] bytes() {
      try {
        byte[] bytes = body.readNBytes(MAX_BODY_BYTES + 1);
        if (bytes.length > MAX_BODY_BYTES) {
          throw Failure.of(Exit.FAILURE, "the answer is larger than 16 MiB");
        }
        return bytes;
      } catch (IOException e) {
        throw Failure.of(Exit.UNREACHABLE, "the answer broke off: " + why(e));
      }
    }

    @Override
    public void close() {
      try {
        body.close();
      } catch (IOException e) {
        // Nothing more is wanted from this connection.
      }
    }
  }

  /**
   * Sends it and returns when the headers of the answer are there.
   *
   * @param bounded whether to give up after 30 seconds without a byte; streams have no such bound
   * @throws Failure when no answer comes
   */
  static Reply send(Request request, boolean bounded) {
    try {
      boolean plain =
          switch (request.method()) {
            case "GET", "HEAD" -> request.body().isEmpty();
            case "POST", "PUT", "DELETE" -> true;
            default -> false;
          };
      return plain ? sendPlain(request, bounded) : sendOther(request, bounded);
    } catch (IllegalArgumentException e) {
      throw Failure.of(Exit.USAGE, "the request cannot be sent: " + e.getMessage());
    } catch (IOException e) {
      URI url = URI.create(request.url());
      String base = url.getScheme() + "://" + url.getRawAuthority();
      String message = "cannot reach " + base + ": " + why(e);
      throw BaseUrl.isLocal(base)
          ? Failure.of(Exit.UNREACHABLE, message, "is the node running? see the status command")
          : Failure.of(Exit.UNREACHABLE, message);
    }
  }

  private static Reply sendPlain(Request request, boolean bounded) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(request.url()).toURL().openConnection();
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout((int) TIMEOUT.toMillis());
    connection.setReadTimeout(bounded ? (int) TIMEOUT.toMillis() : 0);
    connection.setRequestMethod(request.method());
    request.headers().forEach(h -> connection.setRequestProperty(h.name(), h.value()));
    if (request.body().isPresent()) {
      connection.setDoOutput(true);
      connection.getOutputStream().write(request.body().get());
    }
    int status = connection.getResponseCode();
    if (status < 0) {
      throw new IOException("the answer is not HTTP");
    }
    InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    List<Header> headers = new ArrayList<>();
    for (int i = 1; connection.getHeaderFieldKey(i) != null; i++) {
      headers.add(new Header(connection.getHeaderFieldKey(i), connection.getHeaderField(i)));
    }
    return new Reply(status, headers, body == null ? InputStream.nullInputStream() : body);
  }

  private static Reply sendOther(Request request, boolean bounded) throws IOException {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(request.url()))
            .method(
                request.method(),
                HttpRequest.BodyPublishers.ofByteArray(request.body().orElse(new byte[0])));
    request.headers().forEach(header -> builder.setHeader(header.name(), header.value()));
    if (bounded) {
      builder.timeout(TIMEOUT);
    }
    try {
      HttpResponse<InputStream> response =
          client.send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
      List<Header> headers = new ArrayList<>();
      response
          .headers()
          .map()
          .forEach((name, values) -> values.forEach(value -> headers.add(new Header(name, value))));
      return new Reply(response.statusCode(), headers, response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  static String why(IOException e) {
    return switch (e) {
      case HttpTimeoutException _, SocketTimeoutException _ -> "no answer within 30 seconds";
      case UnknownHostException _ -> "no such host";
      case ConnectException _ -> "connection refused";
      case SSLException tls -> "TLS failed: " + tls.getMessage();
      default -> Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    };
  }
}
