package io.bitrouter.testkit;

import io.bitrouter.testkit.HttpReader.Field;
import io.bitrouter.testkit.UpstreamScript.Fault;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** One answer of a {@link FakeUpstream}, written as its script says. Used by one thread. */
final class UpstreamAnswer {

  private final Socket socket;
  private final HttpReader reader;
  private final RecordedRequest request;
  private final UpstreamScript script;
  private final ProviderFormat format;
  private final OutputStream out;
  private int produced;
  private boolean complete;
  private boolean keepsConnection;

  UpstreamAnswer(Socket socket, HttpReader reader, RecordedRequest request, UpstreamScript script)
      throws IOException {
    this.socket = socket;
    this.reader = reader;
    this.request = request;
    this.script = script;
    this.format = ProviderFormat.of(request);
    this.out = socket.getOutputStream();
  }

  /** Tokens produced so far. */
  int produced() {
    return produced;
  }

  /** Whether a whole good answer was sent. */
  boolean complete() {
    return complete;
  }

  /** Whether the connection can take another request. */
  boolean keepsConnection() {
    return keepsConnection;
  }

  /** Sends it; fails when the peer goes away meanwhile. */
  void send() throws IOException {
    pause(script.firstAfter());
    if (script.raw().isPresent()) {
      write(script.raw().get());
      if (script.fault() == Fault.HANG) {
        awaitPeerGone();
      }
      return;
    }
    switch (script.fault()) {
      case RESET_BEFORE_FIRST_BYTE -> reset();
      case CLOSE_BEFORE_FIRST_BYTE -> {}
      case HANG_BEFORE_FIRST_BYTE -> awaitPeerGone();
      default -> sendMessage();
    }
  }

  private void sendMessage() throws IOException {
    if (script.status() != 200) {
      sendWhole(format.error(script.status(), script.errorMessage()));
    } else if (request.streamed()) {
      sendStream();
    } else {
      produced = script.chunks();
      sendWhole(format.whole(script, model()));
    }
  }

  private void sendWhole(String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    write(head("application/json", "content-length: " + body.length));
    switch (script.fault()) {
      case RESET -> {
        write(body, 0, body.length / 2);
        reset();
      }
      case CLOSE, END_WITHOUT_TERMINAL, ERROR_EVENT -> write(body, 0, body.length / 2);
      case HANG -> {
        write(body, 0, body.length / 2);
        awaitPeerGone();
      }
      default -> {
        write(body);
        complete = script.status() == 200;
        keepsConnection = true;
      }
    }
  }

  private void sendStream() throws IOException {
    write(head("text/event-stream", "transfer-encoding: chunked"));
    for (String event : format.opening(script, model())) {
      chunk(event);
    }
    for (int i = 0; i < script.chunks(); i++) {
      if (failsAt(i)) {
        return;
      }
      pause(i == 0 ? Duration.ZERO : script.every());
      produced++;
      chunk(format.piece(script, model()));
    }
    if (failsAt(script.chunks())) {
      return;
    }
    boolean usageChunk = request.usageChunk();
    for (String event : format.closing(script, model(), usageChunk)) {
      chunk(event);
    }
    // One write: a peer that has the terminal event has the end of the body too.
    write(framed(format.terminal(), "0\r\n\r\n"));
    complete = true;
    keepsConnection = true;
  }

  /** Goes wrong at chunk {@code at}, if this is the place; true when the answer is over. */
  private boolean failsAt(int at) throws IOException {
    if (script.fault() == Fault.NONE || at != Math.min(script.faultAt(), script.chunks())) {
      return false;
    }
    switch (script.fault()) {
      case RESET -> reset();
      case HANG -> awaitPeerGone();
      case END_WITHOUT_TERMINAL -> {
        endChunked();
        keepsConnection = true;
      }
      case ERROR_EVENT -> {
        chunk(format.errorEvent(script.errorMessage()));
        endChunked();
        keepsConnection = true;
      }
      default -> {
        // CLOSE: leaving is enough, the connection is closed behind it.
      }
    }
    return true;
  }

  private byte[] head(String contentType, String framing) {
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(script.status()).append(" Scripted\r\n");
    head.append("content-type: ").append(contentType).append("\r\n");
    head.append(framing).append("\r\nx-fake-upstream: yes\r\n");
    List<Field> more = script.headers();
    for (Field field : more) {
      head.append(field.name()).append(": ").append(field.value()).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private String model() {
    return request.json().path("model").asString("none");
  }

  private void chunk(String event) throws IOException {
    write(framed(event, ""));
  }

  /** A chunk of a chunked body, and what follows it. */
  private static byte[] framed(String event, String after) {
    int length = event.getBytes(StandardCharsets.UTF_8).length;
    String chunk = Integer.toHexString(length) + "\r\n" + event + "\r\n" + after;
    return chunk.getBytes(StandardCharsets.UTF_8);
  }

  private void endChunked() throws IOException {
    write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  private void write(byte[] bytes, int from, int length) throws IOException {
    if (script.drip().isZero()) {
      out.write(bytes, from, length);
      return;
    }
    for (int i = from; i < from + length; i++) {
      out.write(bytes[i]);
      pause(script.drip());
    }
  }

  /** Closes so that the peer sees a reset and not an end. */
  private void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  private void awaitPeerGone() throws IOException {
    // A peer that pipelines another request into a hanging answer is told nothing either.
    boolean gone = reader.closedByPeer();
    throw new IOException(gone ? "the peer has gone" : "the peer sent more instead of waiting");
  }

  private static void pause(Duration duration) throws IOException {
    if (duration.isZero()) {
      return;
    }
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped");
    }
  }
}
