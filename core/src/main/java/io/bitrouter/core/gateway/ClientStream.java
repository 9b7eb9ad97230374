package io.bitrouter.core.gateway;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * A streamed answer that begins when there is something to say. Until any of an answer has been
 * sent it can still become that of another upstream, and until it has begun, a refusal. Used by the
 * request's thread and, while that waits for it, by the event loop; never by both at once.
 */
public final class ClientStream {

  private final ClientExchange client;
  private final byte[] keepAlive;
  private Supplier<ReplyHead> head;
  private Optional<ReplyStream> stream = Optional.empty();
  private boolean answering;
  private long heardNanos;

  /**
   * One for {@code client}.
   *
   * @param keepAlive an event that says nothing
   * @param head makes the head that it begins with, when it begins
   */
  public ClientStream(ClientExchange client, byte[] keepAlive, Supplier<ReplyHead> head) {
    this.client = client;
    this.keepAlive = keepAlive;
    this.head = head;
    this.heardNanos = client.startedNanos();
  }

  /** What makes the head that it is to begin with; too late once it has begun. */
  void head(Supplier<ReplyHead> next) {
    head = next;
  }

  /** Begins it, unless it has begun. */
  public ReplyStream begin() {
    ReplyStream begun = stream.orElseGet(() -> client.startStream(head.get()));
    stream = Optional.of(begun);
    return begun;
  }

  /** Whether the client has seen its head. */
  public boolean begun() {
    return stream.isPresent();
  }

  /** Notes that a part of an answer has been sent, so that no other can take its place. */
  public void answers() {
    answering = true;
  }

  /** Whether the client has seen any of an answer. */
  public boolean answering() {
    return answering;
  }

  /** The event for clients that give up on silence. */
  public byte[] keepAlive() {
    return keepAlive;
  }

  /** Notes when the client has last heard something, in {@code Ticker.nanos()}. */
  public void heard(long nanos) {
    heardNanos = nanos;
  }

  /** When the client has last heard something; when it asked, if it has heard nothing. */
  public long heardNanos() {
    return heardNanos;
  }
}
