package io.bitrouter.core.gateway;

/** The body of a streamed answer. Used by the request's own thread. */
public interface ReplyStream {

  /**
   * Sends bytes; blocks while the client does not read, at most {@code limits.client_stall_ms}.
   *
   * @return false when the client is gone or has stalled for too long
   */
  boolean write(byte[] bytes);

  /** Ends the answer properly. */
  void end();

  /**
   * Ends it so that the client sees that it is incomplete: the connection is closed after what has
   * been written.
   */
  void abort();
}
