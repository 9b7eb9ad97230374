package io.bitrouter.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads HTTP/1.1 messages off a socket: written for tests, so that nothing of the product judges
 * the product. Bounded; used by one thread.
 */
public final class HttpReader {

  private static final int LONGEST_HEAD = 1 << 20;
  private static final int LONGEST_BODY = 64 << 20;

  private final InputStream in;

  /** A reader of {@code in}. */
  public HttpReader(InputStream in) {
    this.in = new BufferedInputStream(in, 16_384);
  }

  /**
   * Start line and headers of a message.
   *
   * @param startLine the first line
   * @param fields headers in their order
   */
  public record Head(String startLine, List<Field> fields) {

    /** Value of the first header of that name, in any case. */
    public Optional<String> header(String name) {
      return fields.stream()
          .filter(field -> field.name().equalsIgnoreCase(name))
          .map(Field::value)
          .findFirst();
    }

    /** The status, of an answer. */
    public int status() {
      return Integer.parseInt(startLine.substring(9, 12));
    }

    /** Whether the message says that its body is chunked. */
    public boolean chunked() {
      return header("transfer-encoding").filter(v -> v.equalsIgnoreCase("chunked")).isPresent();
    }
  }

  /** One header. */
  public record Field(String name, String value) {}

  /** Takes pieces of a body as they come. */
  @FunctionalInterface
  public interface Pieces {
    /** The next piece. */
    void accept(byte[] piece) throws IOException;
  }

  /** The next head; empty when the peer has closed between two messages. */
  public Optional<Head> head() throws IOException {
    String startLine = line(true);
    if (startLine.isEmpty()) {
      return Optional.empty();
    }
    List<Field> fields = new ArrayList<>();
    while (true) {
      String line = line(false);
      if (line.isEmpty()) {
        return Optional.of(new Head(startLine, List.copyOf(fields)));
      }
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("not a header: " + line);
      }
      fields.add(new Field(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
  }

  /** The whole body that belongs to {@code head}. */
  public byte[] body(Head head) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    body(head, all::write);
    return all.toByteArray();
  }

  /**
   * Hands over the body piece by piece; returns at its end.
   *
   * @throws EOFException when the connection ended before the body did
   */
  public void body(Head head, Pieces pieces) throws IOException {
    if (head.chunked()) {
      chunks(pieces);
      return;
    }
    Optional<String> length = head.header("content-length");
    if (length.isPresent()) {
      exactly(Integer.parseInt(length.get()), pieces);
    } else if (head.startLine().startsWith("HTTP/")) {
      untilClosed(pieces);
    }
  }

  /** Whether the peer has closed; blocks until it sends something or closes. */
  public boolean closedByPeer() {
    try {
      in.mark(1);
      int next = in.read();
      in.reset();
      return next < 0;
    } catch (IOException gone) {
      return true;
    }
  }

  private void chunks(Pieces pieces) throws IOException {
    while (true) {
      String size = line(false);
      int end = size.indexOf(';');
      int length = Integer.parseInt(end < 0 ? size : size.substring(0, end), 16);
      if (length == 0) {
        while (!line(false).isEmpty()) {
          // Trailers mean nothing to a test.
        }
        return;
      }
      exactly(length, pieces);
      if (!line(false).isEmpty()) {
        throw new IOException("a chunk is longer than it says");
      }
    }
  }

  private void exactly(int length, Pieces pieces) throws IOException {
    if (length < 0 || length > LONGEST_BODY) {
      throw new IOException("body of " + length + " bytes");
    }
    int left = length;
    while (left > 0) {
      byte[] piece = in.readNBytes(Math.min(left, Math.max(1, in.available())));
      if (piece.length == 0) {
        throw new EOFException(left + " bytes of the body are missing");
      }
      left -= piece.length;
      pieces.accept(piece);
    }
  }

  private void untilClosed(Pieces pieces) throws IOException {
    byte[] buffer = new byte[8_192];
    int read;
    while ((read = in.read(buffer)) >= 0) {
      byte[] piece = new byte[read];
      System.arraycopy(buffer, 0, piece, 0, read);
      pieces.accept(piece);
    }
  }

  private String line(boolean endIsFine) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    while (true) {
      int b = in.read();
      if (b < 0) {
        if (endIsFine && line.size() == 0) {
          return "";
        }
        throw new EOFException("the connection ended within a line");
      }
      if (b == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(b);
      if (line.size() > LONGEST_HEAD) {
        throw new IOException("a line without an end");
      }
    }
  }
}
