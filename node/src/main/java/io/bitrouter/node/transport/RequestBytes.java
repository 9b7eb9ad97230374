package io.bitrouter.node.transport;

import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** Writes requests to upstreams. */
final class RequestBytes {

  /** A body up to this size is copied behind its header block and sent in one piece. */
  private static final int COPY_BYTES = 32 << 10;

  private static final int HEAD_ESTIMATE = 768;

  /** Fields of one connection, which are this client's own to set. */
  private static final Set<String> OWN =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "proxy-connection",
          "upgrade",
          "te",
          "trailer",
          "expect",
          "accept-encoding");

  private RequestBytes() {}

  /**
   * Refuses what would end a header line early.
   *
   * @throws IllegalArgumentException naming the field, never its value
   */
  static void check(UpstreamRequest request) {
    for (HeaderField field : request.headers()) {
      if (field.name().isEmpty() || breaksLine(field.name()) || breaksLine(field.value())) {
        throw new IllegalArgumentException(
            "a header field for an upstream holds a line end or NUL: "
                + field.name().replaceAll("[^A-Za-z0-9-]", "?"));
      }
    }
  }

  /** The header block, with the body behind it if that is small. */
  static ByteBuf head(ByteBufAllocator alloc, Origin origin, UpstreamRequest request) {
    byte[] body = request.body();
    ByteBuf out = alloc.directBuffer(HEAD_ESTIMATE + (oneBuffer(body) ? body.length : 0));
    ascii(out, "POST ");
    ascii(out, target(request.uri()));
    ascii(out, " HTTP/1.1\r\nhost: ");
    ascii(out, origin.hostField());
    ascii(out, "\r\ncontent-length: ");
    ascii(out, Integer.toString(body.length));
    ascii(out, "\r\naccept-encoding: identity\r\n");
    for (HeaderField field : request.headers()) {
      if (!OWN.contains(field.name().toLowerCase(Locale.ROOT))) {
        ascii(out, field.name());
        ascii(out, ": ");
        out.writeCharSequence(field.value(), StandardCharsets.ISO_8859_1);
        ascii(out, "\r\n");
      }
    }
    ascii(out, "\r\n");
    return oneBuffer(body) ? out.writeBytes(body) : out;
  }

  /** What follows {@link #head}: a large body, or nothing. */
  static ByteBuf rest(UpstreamRequest request) {
    byte[] body = request.body();
    return oneBuffer(body) ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body);
  }

  private static boolean oneBuffer(byte[] body) {
    return body.length <= COPY_BYTES;
  }

  private static String target(URI uri) {
    String path = uri.getRawPath();
    String query = uri.getRawQuery();
    String local = path == null || path.isEmpty() ? "/" : path;
    return query == null ? local : local + "?" + query;
  }

  private static void ascii(ByteBuf out, String text) {
    out.writeCharSequence(text, StandardCharsets.US_ASCII);
  }

  private static boolean breaksLine(String text) {
    return text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0 || text.indexOf('\0') >= 0;
  }
}
