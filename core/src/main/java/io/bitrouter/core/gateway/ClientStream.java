package io.bitrouter.core.gateway;

import java.util.Optional;

/**
 * A streamed answer that begins when there is something to say. Until then it can still become a
 * refusal, or the answer of another upstream. Used by the request's thread and, while that waits
 * for it, by the event loop; never by both at once.
 */
public final class ClientStream {

  private final ClientExchange client;
  private final byte[] keepAlive;
  private ReplyHead head;
  private Optional<ReplyStream> stream = Optional.empty();

  /**
   * One for {@code client}.
   *
   * @param keepAlive an event that says nothing
   */
  public ClientStream(ClientExchange client, byte[] keepAlive, ReplyHead head) {
    this.client = client;
    this.keepAlive = keepAlive;
    this.head = head;
  }

  /** The head that it is to begin with; too late once it has begun. */
  void head(ReplyHead next) {
    head = next;
  }

  /** Begins it, unless it has begun. */
  public ReplyStream begin() {
    ReplyStream begun = stream.orElseGet(() -> client.startStream(head));
    stream = Optional.of(begun);
    return begun;
  }

  /** Whether the client has seen any of it. */
  public boolean begun() {
    return stream.isPresent();
  }

  /** The event for clients that give up on silence. */
  public byte[] keepAlive() {
    return keepAlive;
  }
}
