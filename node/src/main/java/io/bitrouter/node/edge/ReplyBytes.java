package io.bitrouter.node.edge;

import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.ReplyHead;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.ErrorBody;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Writes the bytes of answers: header blocks, chunk framing, and the edge's own error bodies. */
final class ReplyBytes {

  /** Room kept before the content of a chunk for its size line: eight digits, CR, LF. */
  static final int CHUNK_RESERVE = 10;

  /** Enough for a usual header block, so that a small answer is one buffer that never grows. */
  static final int HEAD_ESTIMATE = 512;

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** How the end of a body is found. */
  sealed interface Framing {
    /** By its length; also of answers that have a length and no body. */
    record Length(int bytes) implements Framing {}

    /** By chunks. */
    record Chunked() implements Framing {}

    /** By the end of the connection, or there is none and its length is not said. */
    record None() implements Framing {}
  }

  private ReplyBytes() {}

  /** The edge's own refusal of a request. */
  static byte[] error(int status, String description, RequestId requestId) {
    String code =
        switch (status) {
          case 408 -> RefusalCode.REQUEST_TIMEOUT.text();
          case 500 -> RefusalCode.INTERNAL_ERROR.text();
          case 503 -> RefusalCode.NODE_OVERLOADED.text();
          default -> "bad_request";
        };
    return ControlJson.bytes(
        new ErrorBody(
            code,
            description,
            Optional.of(requestId.toString()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  /** A head of the edge's own answers. */
  static ReplyHead jsonHead(int status) {
    return new ReplyHead(status, "application/json", List.of());
  }

  /**
   * Refuses to write what would end a header line early.
   *
   * @throws IllegalArgumentException naming the field
   */
  static void check(ReplyHead head) {
    checkText("content-type", head.contentType());
    for (HeaderField field : head.fields()) {
      checkText(field.name(), field.name());
      checkText(field.name(), field.value());
    }
  }

  /** Writes a header block. */
  static void head(
      ByteBuf out, ReplyHead head, Framing framing, RequestId id, String date, boolean close) {
    out.writeCharSequence("HTTP/1.1 ", StandardCharsets.US_ASCII);
    HttpResponseStatus status = HttpResponseStatus.valueOf(head.status());
    out.writeCharSequence(status.codeAsText(), StandardCharsets.US_ASCII);
    out.writeByte(' ');
    out.writeCharSequence(status.reasonPhrase(), StandardCharsets.US_ASCII);
    crlf(out);
    if (!head.contentType().isEmpty()) {
      field(out, "content-type", head.contentType());
    }
    switch (framing) {
      case Framing.Length(int bytes) -> field(out, "content-length", Integer.toString(bytes));
      case Framing.Chunked() -> field(out, "transfer-encoding", "chunked");
      case Framing.None() -> {}
    }
    field(out, "date", date);
    field(out, "x-request-id", id.toString());
    for (HeaderField field : head.fields()) {
      field(out, field.name(), field.value());
    }
    if (close) {
      field(out, "connection", "close");
    }
    crlf(out);
  }

  /** Puts the size line into the room kept before the content, and the line end after it. */
  static void frameChunk(ByteBuf chunk) {
    int size = chunk.readableBytes();
    int at = chunk.readerIndex();
    chunk.setByte(--at, '\n');
    chunk.setByte(--at, '\r');
    int rest = size;
    do {
      chunk.setByte(--at, HEX[rest & 15]);
      rest >>>= 4;
    } while (rest != 0);
    chunk.readerIndex(at);
    crlf(chunk);
  }

  private static void field(ByteBuf out, String name, String value) {
    out.writeCharSequence(name, StandardCharsets.US_ASCII);
    out.writeByte(':');
    out.writeByte(' ');
    out.writeCharSequence(value, StandardCharsets.US_ASCII);
    crlf(out);
  }

  private static void crlf(ByteBuf out) {
    out.writeByte('\r');
    out.writeByte('\n');
  }

  private static void checkText(String name, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r' || c == '\n' || c == 0) {
        throw new IllegalArgumentException("header field " + name + " holds a line end or NUL");
      }
    }
  }
}
