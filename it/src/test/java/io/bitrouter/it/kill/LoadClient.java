package io.bitrouter.it.kill;

import io.bitrouter.testkit.HttpReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client in a process of its own: many connections that ask one thing after the other, half of it
 * as streams, half of it in each protocol, until the node goes away. What it was answered goes to
 * an append-only file, one write a line:
 *
 * <pre>
 * sent MARKER
 * head MARKER STATUS REQUEST_ID
 * end  MARKER STATUS REQUEST_ID COST_MICRO_USD COST_USD complete|broken
 * </pre>
 *
 * Nothing is retried: a marker is sent once.
 *
 * <p>Arguments: file, endpoint, API key, marker prefix, number of the first request, connections,
 * requests at most. It writes one line when it begins and another when every connection has ended.
 */
final class LoadClient {

  private static final Pattern COST = Pattern.compile("\"cost\":([0-9.]+)");

  private final FileChannel log;
  private final URI endpoint;
  private final String key;
  private final String prefix;
  private final AtomicInteger next;
  private final int end;

  private LoadClient(FileChannel log, URI endpoint, String key, String prefix, int first, int end) {
    this.log = log;
    this.endpoint = endpoint;
    this.key = key;
    this.prefix = prefix;
    this.next = new AtomicInteger(first);
    this.end = end;
  }

  public static void main(String[] arguments) throws Exception {
    int first = Integer.parseInt(arguments[4]);
    try (FileChannel log =
        FileChannel.open(
            Path.of(arguments[0]),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND)) {
      LoadClient client =
          new LoadClient(
              log,
              URI.create(arguments[1]),
              arguments[2],
              arguments[3],
              first,
              first + Integer.parseInt(arguments[6]));
      System.out.println("begun");
      List<Thread> connections = new ArrayList<>();
      for (int i = 0; i < Integer.parseInt(arguments[5]); i++) {
        connections.add(Thread.ofVirtual().start(client::ask));
      }
      for (Thread connection : connections) {
        connection.join();
      }
      System.out.println("ended");
    }
  }

  /** Asks on one connection until the node has gone or enough has been asked. */
  private void ask() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()));
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      HttpReader reader = new HttpReader(socket.getInputStream());
      int number = next.getAndIncrement();
      while (number < end && one(number, out, reader)) {
        number = next.getAndIncrement();
      }
    } catch (IOException gone) {
      // The node was killed before this connection asked anything: nothing to write down.
    }
  }

  private boolean one(int number, OutputStream out, HttpReader reader) throws IOException {
    String marker = prefix + "-" + Integer.toString(number, 36);
    boolean stream = number % 2 == 0;
    boolean messages = number / 2 % 2 == 0;
    write("sent " + marker);
    String status = "0";
    String requestId = "-";
    String cost = "-";
    StringBuilder text = new StringBuilder();
    boolean complete = false;
    try {
      out.write(request(marker, number, stream, messages));
      HttpReader.Head head = reader.head().orElseThrow(() -> new IOException("closed"));
      status = Integer.toString(head.status());
      requestId = head.header("x-request-id").orElse("-");
      cost = head.header("x-bitrouter-cost-micro-usd").orElse("-");
      write("head " + marker + " " + status + " " + requestId);
      reader.body(head, piece -> text.append(new String(piece, StandardCharsets.UTF_8)));
      complete = !stream || text.indexOf("[DONE]") >= 0 || text.indexOf("message_stop") >= 0;
    } catch (IOException gone) {
      complete = false;
    }
    Matcher matcher = COST.matcher(text);
    String usd = matcher.find() ? matcher.group(1) : "-";
    write(
        String.join(
            " ", "end", marker, status, requestId, cost, usd, complete ? "complete" : "broken"));
    return complete;
  }

  private byte[] request(String marker, int number, boolean stream, boolean messages) {
    String body =
        """
        {"model":"%s","max_tokens":%d,"stream":%s%s,"messages":[{"role":"user","content":"%s"}]}\
        """
            .formatted(
                messages ? "fake-messages" : "fake-chat",
                Answers.declaredOutput(number),
                stream,
                stream && !messages ? ",\"stream_options\":{\"include_usage\":true}" : "",
                marker);
    String head =
        """
        POST %s HTTP/1.1
        host: %s
        authorization: Bearer %s
        x-request-id: %s
        content-type: application/json
        content-length: %d

        """
            .formatted(
                messages ? "/v1/messages" : "/v1/chat/completions",
                endpoint.getAuthority(),
                key,
                marker,
                body.length());
    return (head.replace("\n", "\r\n") + body).getBytes(StandardCharsets.US_ASCII);
  }

  private void write(String line) throws IOException {
    log.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)));
  }
}
