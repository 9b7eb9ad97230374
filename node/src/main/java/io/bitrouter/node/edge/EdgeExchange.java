package io.bitrouter.node.edge;

import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.HeaderFields;
import io.bitrouter.core.gateway.ReplyHead;
import io.bitrouter.core.gateway.ReplyStream;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.RequestId;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One request on one connection. The methods of {@link ClientExchange} belong to the request's
 * thread; those for {@code node.transport} say that they belong to the event loop.
 */
public final class EdgeExchange implements ClientExchange {

  private enum Answer {
    NONE,
    WHOLE,
    STREAM,
    CUT
  }

  private final EdgeConnection connection;
  private final RequestHead head;
  private final RequestId requestId;
  private final long startedNanos;
  private volatile boolean gone;
  // The request's thread.
  private @Nullable ByteBuf atHand;
  private boolean bodyTaken;
  private long charged;
  private Answer answer = Answer.NONE;
  // Set by the request's thread before its first write, so that leaving always wakes it.
  private volatile @Nullable EdgeStream stream;
  // The event loop.
  private @Nullable Runnable disconnectListener;

  EdgeExchange(
      EdgeConnection connection, RequestHead head, RequestId requestId, long startedNanos) {
    this.connection = connection;
    this.head = head;
    this.requestId = requestId;
    this.startedNanos = startedNanos;
  }

  @Override
  public RequestId requestId() {
    return requestId;
  }

  @Override
  public long startedNanos() {
    return startedNanos;
  }

  @Override
  public String method() {
    return head.method();
  }

  @Override
  public String path() {
    return head.target().path();
  }

  @Override
  public List<String> queries(String name) {
    return head.target().all(name);
  }

  @Override
  public List<String> queryNames() {
    return head.target().query().stream().map(RequestTarget.Parameter::name).toList();
  }

  @Override
  public HeaderFields headers() {
    return head.headers();
  }

  @Override
  public String remoteAddress() {
    return connection.remoteAddress();
  }

  @Override
  public boolean disconnected() {
    return gone;
  }

  @Override
  public Outcome<byte[]> body() {
    if (bodyTaken) {
      throw new IllegalStateException("body() was called twice");
    }
    bodyTaken = true;
    if (head.bodyLength() == 0) {
      return Outcome.done(new byte[0]);
    }
    String coding = contentCoding();
    boolean gzip = coding.equals("gzip") || coding.equals("x-gzip");
    if (!gzip && !coding.isEmpty() && !coding.equals("identity")) {
      return Outcome.refused(
          Refusal.of(
                  RefusalCode.UNSUPPORTED_MEDIA_TYPE,
                  "a request body may be gzip encoded or not encoded, nothing else")
              .withParam("content-encoding"));
    }
    int limit = connection.limits().bodyBytes();
    if (head.bodyLength() > limit) {
      return Outcome.refused(BodyCollector.tooLarge(limit));
    }
    Outcome<byte[]> received = atHand != null ? takeAtHand(atHand) : receive(limit);
    return gzip ? received.then(bytes -> decode(bytes, limit)) : received;
  }

  @Override
  public Outcome<Long> hold(long bytes) {
    if (!connection.budget().take(bytes)) {
      return Outcome.refused(BodyCollector.noMemory());
    }
    charged += bytes;
    return Outcome.done(bytes);
  }

  @Override
  public void reply(ReplyHead reply, byte[] body) {
    startAnswer(Answer.WHOLE, reply);
    connection.run(() -> connection.reply(this, reply, body));
  }

  @Override
  public ReplyStream startStream(ReplyHead reply) {
    startAnswer(Answer.STREAM, reply);
    EdgeStream started = new EdgeStream(this, connection);
    stream = started;
    if (connection.eventLoop().inEventLoop()) {
      connection.startStream(this, reply, started);
    } else {
      connection.run(() -> connection.startStream(this, reply, started));
    }
    return started;
  }

  /** A buffer for a part of a streamed answer; for {@code node.transport} only. */
  public ByteBuf newChunk(int capacity) {
    return connection.newChunk(capacity);
  }

  /**
   * Closes the connection in place of an answer, as an upstream does that breaks down; for {@code
   * node.simulator} only.
   */
  public void cut() {
    if (answer != Answer.NONE) {
      throw new IllegalStateException("the request has been answered");
    }
    answer = Answer.CUT;
    connection.run(() -> connection.abortStream(this));
  }

  /** The loop that both sides of this request live on; for {@code node.transport} only. */
  public EventLoop eventLoop() {
    return connection.eventLoop();
  }

  /**
   * Runs {@code listener} on the event loop when the client goes, at once if it has gone. There is
   * one at a time. To be called on the event loop; for {@code node.transport} only.
   */
  public void onDisconnect(Runnable listener) {
    if (gone) {
      listener.run();
    } else {
      disconnectListener = listener;
    }
  }

  /** Forgets the listener. To be called on the event loop; for {@code node.transport} only. */
  public void ignoreDisconnect() {
    disconnectListener = null;
  }

  RequestHead head() {
    return head;
  }

  /** On the event loop, before the thread starts: the body came with the head. */
  void bodyAtHand(ByteBuf body) {
    atHand = body;
  }

  /** On the event loop: the connection has closed. */
  void clientGone() {
    gone = true;
    Runnable listener = disconnectListener;
    disconnectListener = null;
    if (listener != null) {
      listener.run();
    }
    EdgeStream waiting = stream;
    if (waiting != null) {
      waiting.wake();
    }
  }

  /** The handler has returned or thrown: answers what is unanswered, gives back what is held. */
  void finish() {
    if (atHand != null) {
      atHand.release();
      atHand = null;
    }
    connection.budget().giveBack(charged);
    charged = 0;
    if (answer == Answer.NONE) {
      String text = "the request could not be served because of a defect of the node";
      reply(ReplyBytes.jsonHead(500), ReplyBytes.error(500, text, requestId));
    } else {
      EdgeStream started = stream;
      if (started != null && !started.ended()) {
        started.abort();
      }
    }
  }

  private void startAnswer(Answer kind, ReplyHead reply) {
    if (answer != Answer.NONE) {
      throw new IllegalStateException("the request has been answered");
    }
    ReplyBytes.check(reply);
    answer = kind;
  }

  private String contentCoding() {
    if (head.headers().first("content-encoding").isEmpty()) {
      return "";
    }
    List<String> codings = head.headers().all("content-encoding");
    return switch (codings.size()) {
      case 1 -> codings.getFirst().strip().toLowerCase(Locale.ROOT);
      default -> "several";
    };
  }

  private Outcome<byte[]> takeAtHand(ByteBuf body) {
    atHand = null;
    try {
      byte[] bytes = new byte[body.readableBytes()];
      if (!connection.budget().take(bytes.length)) {
        return Outcome.refused(BodyCollector.noMemory());
      }
      charged += bytes.length;
      body.readBytes(bytes);
      return Outcome.done(bytes);
    } finally {
      body.release();
    }
  }

  private Outcome<byte[]> receive(int limit) {
    BodyCollector collector = new BodyCollector(limit, head.bodyLength(), connection.budget());
    connection.run(() -> connection.readBody(this, collector));
    Outcome<byte[]> received = collector.await();
    charged += collector.charged();
    return received;
  }

  private Outcome<byte[]> decode(byte[] encoded, int limit) {
    Gunzip gunzip = new Gunzip(limit, connection.budget());
    Outcome<byte[]> decoded = gunzip.decode(encoded);
    charged += gunzip.charged();
    return decoded;
  }
}
