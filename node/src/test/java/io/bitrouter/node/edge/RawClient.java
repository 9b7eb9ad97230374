package io.bitrouter.node.edge;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client that sends exactly what a test says. */
public final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MS = 20_000;

  private final Socket socket;
  private final InputStream in;

  /**
   * An answer.
   *
   * @param complete whether its end was seen
   */
  public record Answer(int status, Map<String, String> headers, String body, boolean complete) {
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  public RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(TIMEOUT_MS);
    socket.setTcpNoDelay(true);
    this.in = socket.getInputStream();
  }

  public static RawClient to(InetSocketAddress address) throws IOException {
    return new RawClient(new Socket(address.getAddress(), address.getPort()));
  }

  public Socket socket() {
    return socket;
  }

  public RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** A request with a length. */
  public RawClient post(String path, String body) throws IOException {
    return send(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  public RawClient get(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
  }

  /** Status and header fields alone. */
  public Answer readHead() throws IOException {
    int status = Integer.parseInt(line().split(" ")[1]);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Answer(status, headers, "", true);
  }

  /** A whole answer, or as much as comes before the end of the connection. */
  public Answer read() throws IOException {
    Answer head = readHead();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean complete = true;
    try {
      if (head.headers.containsKey("content-length")) {
        take(Integer.parseInt(head.header("content-length")), body);
      } else if (head.header("transfer-encoding").equals("chunked")) {
        for (int n = Integer.parseInt(line(), 16); n > 0; n = Integer.parseInt(line(), 16)) {
          take(n, body);
          line();
        }
        line();
      } else {
        in.transferTo(body);
      }
    } catch (EOFException | SocketException e) {
      complete = false;
    }
    return new Answer(head.status, head.headers, body.toString(StandardCharsets.UTF_8), complete);
  }

  /** One chunk of a streamed answer whose head has been read. */
  public String chunk() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    take(Integer.parseInt(line(), 16), body);
    line();
    return body.toString(StandardCharsets.UTF_8);
  }

  /** Whether the server has closed the connection and sent nothing more. */
  public boolean atEnd() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void take(int count, ByteArrayOutputStream into) throws IOException {
    byte[] bytes = in.readNBytes(count);
    into.writeBytes(bytes);
    if (bytes.length < count) {
      throw new EOFException();
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ended after: " + line);
      }
      line.append((char) c);
    }
    if (line.length() > 0 && line.charAt(line.length() - 1) == '\r') {
      line.setLength(line.length() - 1);
    }
    return line.toString();
  }
}
