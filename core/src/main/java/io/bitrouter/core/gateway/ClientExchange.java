package io.bitrouter.core.gateway;

import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.RequestId;
import java.util.List;
import java.util.Optional;

/**
 * One request of a client and the way to answer it. Used by the one virtual thread that serves the
 * request; calls block that thread and nothing else. Exactly one of {@link #reply} and {@link
 * #startStream} is called.
 */
public interface ClientExchange {

  /** The id given when the head was decoded. */
  RequestId requestId();

  /** {@code Ticker.nanos()} when the head was decoded. */
  long startedNanos();

  /** {@code GET}, {@code POST}, … */
  String method();

  /** The path as sent, without the query, undecoded. */
  String path();

  /** Every value of a query parameter, decoded, in order. */
  List<String> queries(String name);

  /** The first value of a query parameter, decoded; empty when it is absent. */
  default Optional<String> query(String name) {
    return queries(name).stream().findFirst();
  }

  /** Names of the query parameters, decoded, in order. */
  List<String> queryNames();

  /** The request's header fields. */
  HeaderFields headers();

  /** Address of the client, without port. */
  String remoteAddress();

  /**
   * Reads the whole body, decoded from gzip where the client used it. Nothing of the body is
   * buffered before this is called, and it is called after authentication only. Refused when it is
   * too large, too slow, in an unknown encoding, or when the node's bound on buffered bodies is
   * reached.
   */
  Outcome<byte[]> body();

  /**
   * Counts bytes that are held for the request beside its body as if they were part of it, until it
   * is over. Refused when the node's bound on buffered bodies is reached.
   *
   * @return how many
   */
  Outcome<Long> hold(long bytes);

  /** Whether the client has gone away. */
  boolean disconnected();

  /** Sends a whole answer. A client that has gone away is not an error. */
  void reply(ReplyHead head, byte[] body);

  /** Sends the head of a streamed answer. */
  ReplyStream startStream(ReplyHead head);
}
