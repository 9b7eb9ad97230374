package io.bitrouter.node.transport;

import io.bitrouter.node.edge.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** An upstream that answers exactly what a test says, over real sockets. */
final class RawUpstream implements AutoCloseable {

  /** What happens on one connection, counted from 0. */
  interface Script {
    void run(Connection connection) throws IOException;
  }

  private final ServerSocket listener;
  private final Script script;
  private final AtomicInteger accepted = new AtomicInteger();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final String scheme;

  RawUpstream(Script script) throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "http", script);
  }

  RawUpstream(ServerSocket listener, String scheme, Script script) {
    this.listener = listener;
    this.scheme = scheme;
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  URI uri() {
    return uri("127.0.0.1");
  }

  URI uri(String host) {
    return URI.create(scheme + "://" + host + ":" + listener.getLocalPort() + "/v1/chat?beta=true");
  }

  /** Connections so far. */
  int accepted() {
    return accepted.get();
  }

  /** Heads and bodies of the requests read so far. */
  Queue<String> requests() {
    return requests;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        int number = accepted.getAndIncrement();
        Thread.ofVirtual().start(() -> run(new Connection(socket, number)));
      }
    } catch (SocketException e) {
      // Closed.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(Connection connection) {
    try (connection.socket) {
      connection.socket.setTcpNoDelay(true);
      script.run(connection);
    } catch (IOException e) {
      // The other side has gone, which is what some tests are about.
    }
  }

  /** One connection. */
  final class Connection {
    private final Socket socket;
    private final int number;

    Connection(Socket socket, int number) {
      this.socket = socket;
      this.number = number;
    }

    int number() {
      return number;
    }

    /** Reads one request with a length; false at the end of the connection. */
    boolean read() throws IOException {
      InputStream in = socket.getInputStream();
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        int c = in.read();
        if (c < 0) {
          return false;
        }
        head.write(c);
      }
      String text = head.toString(StandardCharsets.ISO_8859_1);
      int at = text.indexOf("content-length: ") + "content-length: ".length();
      int length = Integer.parseInt(text.substring(at, text.indexOf('\r', at)));
      requests.add(text + new String(in.readNBytes(length), StandardCharsets.UTF_8));
      return true;
    }

    void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    }

    void answer(String body) throws IOException {
      send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    void chunk(String body) throws IOException {
      send(Integer.toHexString(body.length()) + "\r\n" + body + "\r\n");
    }

    /** Waits for the end of the connection. */
    void awaitEnd() throws IOException {
      try {
        while (socket.getInputStream().read() >= 0) {}
      } catch (SocketException e) {
        // A reset is an end too.
      }
    }

    void reset() throws IOException {
      new RawClient(socket).reset();
    }
  }
}
