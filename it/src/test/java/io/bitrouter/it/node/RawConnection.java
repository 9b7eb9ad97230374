package io.bitrouter.it.node;

import io.bitrouter.testkit.HttpReader;
import io.bitrouter.testkit.HttpReader.Head;
import io.bitrouter.testkit.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A connection on which a test sends exactly the bytes it says, and leaves when it wants to. Used
 * by one thread.
 */
public final class RawConnection implements AutoCloseable {

  private static final int TIMEOUT_MS = 20_000;

  private final Socket socket;
  private final HttpReader reader;

  private RawConnection(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(TIMEOUT_MS);
    socket.setTcpNoDelay(true);
    this.reader = new HttpReader(socket.getInputStream());
  }

  /** Done when the wanted text has come. */
  private static final class Seen extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** What a test does in the middle of an answer. */
  @FunctionalInterface
  public interface Meanwhile {
    /** Does it. */
    void run() throws Exception;
  }

  /** Connects to a listener. */
  public static RawConnection to(URI endpoint) throws IOException {
    return new RawConnection(new Socket(endpoint.getHost(), endpoint.getPort()));
  }

  /** Sends characters as they are, one byte each. */
  public RawConnection send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends bytes. */
  public RawConnection send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Sends a POST of JSON with a bearer token and a length. */
  public RawConnection post(String path, String token, String body) throws IOException {
    return send(request(path, token, body));
  }

  /** The bytes of a POST of JSON with a bearer token and a length, and more header lines. */
  public static byte[] request(String path, String token, String body, String... lines) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder(256);
    head.append("POST ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
    head.append("Authorization: Bearer ").append(token).append("\r\n");
    head.append("Content-Type: application/json\r\nContent-Length: ").append(content.length);
    for (String line : lines) {
      head.append("\r\n").append(line);
    }
    byte[] start = head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[start.length + content.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(content, 0, all, start.length, content.length);
    return all;
  }

  /** The next answer's head. */
  public Head head() throws IOException {
    return reader.head().orElseThrow(() -> new SocketException("closed without an answer"));
  }

  /** The next answer. */
  public Reply reply() throws IOException {
    Head head = head();
    return new Reply(head.status(), headers(head), reader.body(head));
  }

  /** The next answer, of a request that was HEAD. */
  public Reply replyWithoutBody() throws IOException {
    Head head = head();
    return new Reply(head.status(), headers(head), new byte[0]);
  }

  /** Reads the body of {@code head} until it holds {@code text}; nothing can be read after that. */
  public void bodyUntil(Head head, String text) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      reader.body(
          head,
          piece -> {
            all.write(piece);
            if (all.toString(StandardCharsets.UTF_8).contains(text)) {
              throw new Seen();
            }
          });
    } catch (Seen seen) {
      return;
    }
    throw new AssertionError("no '" + text + "' in\n" + all.toString(StandardCharsets.UTF_8));
  }

  /** Reads the whole body of {@code head}, and does something once {@code text} has come. */
  public String body(Head head, String text, Meanwhile meanwhile) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    boolean[] done = {false};
    reader.body(
        head,
        piece -> {
          all.write(piece);
          if (!done[0] && all.toString(StandardCharsets.UTF_8).contains(text)) {
            done[0] = true;
            try {
              meanwhile.run();
            } catch (Exception e) {
              throw new IOException(e);
            }
          }
        });
    return all.toString(StandardCharsets.UTF_8);
  }

  /** Whether the node has closed the connection without sending anything more. */
  public boolean closedByNode() {
    return reader.closedByPeer();
  }

  /** Says that nothing more will be sent; what comes can still be read. */
  public RawConnection finish() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Leaves so that the node sees a reset. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static Map<String, List<String>> headers(Head head) {
    Map<String, List<String>> headers = new HashMap<>();
    for (HttpReader.Field field : head.fields()) {
      headers
          .computeIfAbsent(field.name().toLowerCase(Locale.ROOT), unused -> new ArrayList<>(1))
          .add(field.value());
    }
    return headers;
  }
}
