package io.bitrouter.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP exchange. Redirects are never followed: a key goes to the origin it was given for and
 * nowhere else.
 *
 * <p>HttpURLConnection costs half the start-up time of HttpClient; the latter is loaded only for
 * what the former cannot do, such as PATCH.
 */
final class Http {
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int MAX_BODY_BYTES = 16 << 20;

  static {
    // A repeated POST could mint a second key.
    System.setProperty("sun.net.http.retryPost", "false");
  }

  private Http() {}

  /** One header field. */
  record Header(String name, String value) {}

  /**
   * What to send.
   *
   * @param method upper case
   * @param url absolute
   * @param headers in order; a later one of the same name replaces an earlier one
   * @param body absent for none
   */
  record Request(String method, String url, List<Header> headers, Optional<byte[]> body) {}

  /** What came back; to be closed. */
  record Reply(int status, List<Header> headers, InputStream body) implements AutoCloseable {
    /** The first header of that name. */
    Optional<String> header(String name) {
      return headers.stream()
          .filter(header -> header.name().equalsIgnoreCase(name))
          .map(Header::value)
          .findFirst();
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
      return isPlain(request) ? sendPlain(request, bounded) : sendOther(request, bounded);
    } catch (IllegalArgumentException e) {
      throw Failure.of(Exit.USAGE, "the request cannot be sent: " + e.getMessage());
    } catch (IOException e) {
      String base = origin(request.url());
      throw new Failure(
          Exit.UNREACHABLE,
          "cannot reach " + base + ": " + why(e),
          new Failure.Details(
              "unreachable",
              BaseUrl.isLocal(base)
                  ? Optional.of("is the node running? see the status command")
                  : Optional.empty(),
              Optional.empty(),
              java.util.OptionalInt.empty()));
    }
  }

  private static boolean isPlain(Request request) {
    return switch (request.method()) {
      case "GET", "HEAD" -> request.body().isEmpty();
      case "POST", "PUT", "DELETE" -> true;
      default -> false;
    };
  }

  private static Reply sendPlain(Request request, boolean bounded) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(request.url()).toURL().openConnection();
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(bounded ? TIMEOUT_MILLIS : 0);
    connection.setRequestMethod(request.method());
    for (Header header : request.headers()) {
      connection.setRequestProperty(header.name(), header.value());
    }
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
            .connectTimeout(Duration.ofMillis(TIMEOUT_MILLIS))
            .build();
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(request.url()))
            .method(
                request.method(),
                request
                    .body()
                    .map(HttpRequest.BodyPublishers::ofByteArray)
                    .orElse(HttpRequest.BodyPublishers.noBody()));
    request.headers().forEach(header -> builder.setHeader(header.name(), header.value()));
    if (bounded) {
      builder.timeout(Duration.ofMillis(TIMEOUT_MILLIS));
    }
    try {
      HttpResponse<InputStream> response =
          client.send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
      List<Header> headers = new ArrayList<>();
      for (Map.Entry<String, List<String>> field : response.headers().map().entrySet()) {
        field.getValue().forEach(value -> headers.add(new Header(field.getKey(), value)));
      }
      return new Reply(response.statusCode(), headers, response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String origin(String url) {
    URI uri = URI.create(url);
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  /** Why an exchange failed, for a person. */
  static String why(IOException e) {
    return switch (e) {
      case java.net.http.HttpTimeoutException timeout -> "no answer within 30 seconds";
      case java.net.SocketTimeoutException timeout -> "no answer within 30 seconds";
      case java.net.UnknownHostException unknown -> "no such host";
      case java.net.ConnectException refused -> "connection refused";
      case javax.net.ssl.SSLException tls -> "TLS failed: " + tls.getMessage();
      default ->
          e.getMessage() == null
              ? e.getClass().getSimpleName().toLowerCase(Locale.ROOT)
              : e.getMessage();
    };
  }
}
