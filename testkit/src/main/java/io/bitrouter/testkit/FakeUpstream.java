package io.bitrouter.testkit;

import io.bitrouter.testkit.HttpReader.Head;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.awaitility.Awaitility;

/**
 * An upstream on loopback that answers chat completions and messages as its script says and keeps
 * what it was asked. Plain sockets and virtual threads: nothing of the product's own transport is
 * in it. Thread-safe.
 */
public final class FakeUpstream implements AutoCloseable {

  private static final int REMEMBERED = 20_000;

  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final Optional<Bill> bill;
  private final Object lock = new Object();
  private final List<RecordedRequest> requests = new ArrayList<>();
  private final Deque<UpstreamScript> queue = new ArrayDeque<>();
  private Function<RecordedRequest, UpstreamScript> otherwise = unused -> UpstreamScript.ok();

  private volatile Tally tally = new Tally();

  /** How the answers since the last {@link #forget} ended. */
  private static final class Tally {
    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
  }

  private FakeUpstream(ServerSocket listener, Optional<Bill> bill) {
    this.listener = listener;
    this.bill = bill;
  }

  /** Starts one on a free port. */
  public static FakeUpstream start() {
    return start(Optional.empty());
  }

  /** Starts one on a free port that keeps its bill in {@code file}. */
  public static FakeUpstream startWithBill(Path file) throws IOException {
    return start(Optional.of(Bill.at(file)));
  }

  private static FakeUpstream start(Optional<Bill> bill) {
    try {
      ServerSocket listener = new ServerSocket();
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
      FakeUpstream upstream = new FakeUpstream(listener, bill);
      Thread.ofVirtual().name("fake-upstream").start(upstream::acceptAll);
      return upstream;
    } catch (IOException e) {
      throw new IllegalStateException("cannot listen", e);
    }
  }

  /** Its port. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Where its API starts, for {@code api_base}: {@code http://127.0.0.1:<port>/v1}. */
  public URI base() {
    return URI.create("http://127.0.0.1:" + port() + "/v1");
  }

  /** Answers every request so from now on. */
  public void answer(UpstreamScript script) {
    answerBy(unused -> script);
  }

  /** Answers every request as {@code choice} says from now on. */
  public void answerBy(Function<RecordedRequest, UpstreamScript> choice) {
    synchronized (lock) {
      queue.clear();
      otherwise = choice;
    }
  }

  /** Answers the next requests so, one each, in this order. */
  public void next(UpstreamScript... scripts) {
    synchronized (lock) {
      queue.addAll(List.of(scripts));
    }
  }

  /** What it was asked, oldest first; at most the first 20,000. */
  public List<RecordedRequest> requests() {
    synchronized (lock) {
      return List.copyOf(requests);
    }
  }

  /** The only request there was. */
  public RecordedRequest onlyRequest() {
    List<RecordedRequest> all = requests();
    if (all.size() != 1) {
      throw new AssertionError("the upstream got " + all.size() + " requests, not 1: " + all);
    }
    return all.getFirst();
  }

  /** Waits until it was asked {@code count} times. */
  public void awaitRequests(int count) {
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> requests().size() >= count);
  }

  /** Forgets what it was asked and goes back to good answers. */
  public void forget() {
    synchronized (lock) {
      requests.clear();
      queue.clear();
      otherwise = unused -> UpstreamScript.ok();
      tally = new Tally();
    }
  }

  /** Connections accepted so far. */
  public int connections() {
    return connections.get();
  }

  /** Connections open now. */
  public int openConnections() {
    return open.size();
  }

  /** Answers that ended as the script says, of those that {@link #requests} has. */
  public int completed() {
    return tally.completed.get();
  }

  /** Answers of the same that could not be sent because the peer had gone. */
  public int broken() {
    return tally.broken.get();
  }

  /** Closes every connection that is open, as a load balancer does that was restarted. */
  public void dropConnections() {
    open.forEach(FakeUpstream::closeQuietly);
  }

  @Override
  public void close() {
    try {
      listener.close();
      dropConnections();
      if (bill.isPresent()) {
        bill.get().close();
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot close", e);
    }
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        int number = connections.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().name("fake-upstream-" + number).start(() -> serve(socket, number));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      socket.setTcpNoDelay(true);
      HttpReader reader = new HttpReader(socket.getInputStream());
      boolean goOn = true;
      while (goOn) {
        Optional<Head> head = reader.head();
        if (head.isEmpty()) {
          return;
        }
        goOn = serveOne(socket, reader, head.get(), number);
      }
    } catch (IOException peerGone) {
      // The peer closed between or within two requests: nothing was asked, nothing is answered.
    } finally {
      open.remove(socket);
    }
  }

  private boolean serveOne(Socket socket, HttpReader reader, Head head, int number)
      throws IOException {
    List<String> start = List.of(head.startLine().split(" ", -1));
    RecordedRequest request =
        new RecordedRequest(number, start.get(0), start.get(1), head.fields(), reader.body(head));
    Tally counted;
    UpstreamScript script;
    synchronized (lock) {
      // An answer that outlives a call of forget() counts for those before it.
      counted = tally;
      script = record(request);
    }
    String marker = Bill.markerIn(request.text());
    UpstreamAnswer answer = new UpstreamAnswer(socket, reader, request, script);
    bill.ifPresent(b -> b.open(marker, script.inputTokens()));
    boolean whole = false;
    try {
      answer.send();
      whole = true;
      counted.completed.incrementAndGet();
    } catch (IOException peerGone) {
      counted.broken.incrementAndGet();
    } finally {
      boolean complete = whole && answer.complete();
      bill.ifPresent(b -> b.end(marker, script.inputTokens(), answer.produced(), complete));
    }
    return whole && answer.keepsConnection();
  }

  private UpstreamScript record(RecordedRequest request) {
    if (requests.size() < REMEMBERED) {
      requests.add(request);
    }
    UpstreamScript next = queue.poll();
    return next != null ? next : otherwise.apply(request);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      // Which is what was wanted.
    }
  }
}
