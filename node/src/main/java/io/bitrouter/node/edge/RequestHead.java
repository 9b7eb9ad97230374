package io.bitrouter.node.edge;

import io.bitrouter.core.gateway.HeaderFields;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Optional;

/**
 * A decoded header block that has passed every rule.
 *
 * @param method the method as sent
 * @param target what is asked for
 * @param headers the header fields
 * @param http10 whether the client speaks HTTP/1.0
 * @param keepAlive whether the client wants to go on after this request
 * @param bodyLength bytes of body, -1 when it is chunked
 * @param expectsContinue whether the client waits for 100 before it sends the body
 */
record RequestHead(
    String method,
    RequestTarget target,
    HeaderFields headers,
    boolean http10,
    boolean keepAlive,
    long bodyLength,
    boolean expectsContinue) {

  /** The length of a body whose end is found while reading it. */
  static final long CHUNKED = -1;

  private static final int MAX_METHOD = 32;

  /**
   * Checks what the decoder leaves open.
   *
   * @throws RequestRejected with the status of the answer
   */
  static RequestHead of(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      throw rejected(request.decoderResult().cause());
    }
    HttpHeaders headers = request.headers();
    boolean http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    if (!http10 && !request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      throw new RequestRejected(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    }
    String method = request.method().name();
    if (!isWord(method)) {
      throw new RequestRejected(400, "the method is not a word");
    }
    String host = host(headers, http10);
    return new RequestHead(
        method,
        RequestTarget.parse(request.uri(), host),
        new Fields(headers),
        http10,
        !http10 && !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true),
        bodyLength(headers),
        expectsContinue(headers, http10));
  }

  /** Whether the client asked for the head of the answer alone. */
  boolean headOnly() {
    return method.equals("HEAD");
  }

  private static String host(HttpHeaders headers, boolean http10) {
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1 || hosts.isEmpty() && !http10) {
      throw new RequestRejected(400, "there must be exactly one Host header");
    }
    String host = hosts.isEmpty() ? "" : hosts.getFirst();
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      boolean plain = c < 0x80 && Character.isLetterOrDigit(c);
      if (!plain && ".:-_[]%~".indexOf(c) < 0) {
        throw new RequestRejected(400, "the Host header is not a host and port");
      }
    }
    return host;
  }

  private static long bodyLength(HttpHeaders headers) {
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    if (!headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      return length == null ? 0 : length(length);
    }
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (length != null) {
      throw new RequestRejected(400, "Content-Length and Transfer-Encoding exclude each other");
    }
    if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
      throw new RequestRejected(400, "the only transfer coding understood is chunked");
    }
    return CHUNKED;
  }

  private static long length(String text) {
    boolean digits = !text.isEmpty() && text.length() <= 18;
    for (int i = 0; i < text.length() && digits; i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!digits) {
      throw new RequestRejected(400, "Content-Length is not a number");
    }
    return Long.parseLong(text);
  }

  private static boolean expectsContinue(HttpHeaders headers, boolean http10) {
    if (http10 || !headers.contains(HttpHeaderNames.EXPECT)) {
      return false;
    }
    List<String> wanted = headers.getAll(HttpHeaderNames.EXPECT);
    if (wanted.size() > 1 || !wanted.getFirst().equalsIgnoreCase("100-continue")) {
      throw new RequestRejected(417, "the only expectation understood is 100-continue");
    }
    return true;
  }

  private static boolean isWord(String method) {
    for (int i = 0; i < method.length(); i++) {
      char c = method.charAt(i);
      if (c >= 0x80 || !Character.isLetter(c) && c != '-' && c != '_') {
        return false;
      }
    }
    return method.length() <= MAX_METHOD;
  }

  private static RequestRejected rejected(Throwable cause) {
    return switch (cause) {
      case RequestRejected known -> known;
      case TooLongHttpLineException line ->
          new RequestRejected(414, "the request line is too long");
      case TooLongHttpHeaderException block ->
          new RequestRejected(431, "the header block is larger than limits.header_bytes");
      // The decoder's own words may repeat what was sent.
      default -> new RequestRejected(400, "the header block is not valid HTTP/1.1");
    };
  }

  /** Header fields as Netty keeps them. */
  private record Fields(HttpHeaders headers) implements HeaderFields {
    @Override
    public Optional<String> first(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    @Override
    public List<String> all(String name) {
      return headers.getAll(name);
    }
  }
}
