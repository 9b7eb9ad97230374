package io.bitrouter.core.gateway;

import java.util.Optional;
import java.util.OptionalLong;

/** Calls upstreams for clients. Thread-safe; calls block the request's own virtual thread. */
public interface Upstream {

  /**
   * Sends a request and waits for the head of the answer, on the client's own event loop where
   * possible. A dead pooled connection is retried once, if nothing of an answer has been read.
   *
   * @param waiting the stream that the client waits for, which begins with an event that says
   *     nothing when it has heard nothing for 15 seconds; empty when it wants a whole answer
   */
  Sent send(UpstreamRequest request, ClientExchange client, Optional<ClientStream> waiting);

  /** How sending went. */
  sealed interface Sent {
    /** The head of an answer is here; the caller closes it. */
    record Answered(UpstreamReply reply) implements Sent {}

    /** There is none. */
    record Failed(UpstreamFailure failure) implements Sent {}
  }

  /** Why there is no answer, or no more of it. */
  enum UpstreamFailure {
    /** No connection: name not found, refused, TLS failed. Nothing was sent. */
    UNREACHABLE,
    /** Took longer than {@code upstream.*_ms} allows. */
    TIMEOUT,
    /** The connection broke after something was sent. */
    BROKEN,
    /** Not HTTP, or larger than the bound. */
    INVALID,
    /** The client left, and the call was stopped because of that. */
    CLIENT_GONE
  }

  /** The answer of an upstream. Closing it before its end cancels the call. */
  interface UpstreamReply extends AutoCloseable {

    /** HTTP status. */
    int status();

    /** Header fields. */
    HeaderFields headers();

    /** Calls made, 2 when a dead pooled connection was retried. */
    int attempts();

    /** Reads the whole body, at most {@code limit} bytes. */
    Collected collect(int limit);

    /**
     * Passes the body through {@code tap} to the client as it comes, with backpressure both ways
     * and as far as {@code meter} lets it; returns when the upstream has ended or failed, the
     * answer was cut or the client has gone. The client's stream begins with the first content, or
     * with an event that says nothing when that takes 15 seconds; nothing of an answer that fails
     * before its first content is sent.
     */
    Pumped pump(StreamTap tap, ClientStream client, StreamMeter meter);

    @Override
    void close();
  }

  /** How reading a whole body went. */
  sealed interface Collected {
    /** All of it. */
    record Whole(byte[] body) implements Collected {}

    /** Broke off after {@code bytesReceived} bytes. */
    record Failed(UpstreamFailure failure, long bytesReceived) implements Collected {}
  }

  /**
   * How passing a stream on went.
   *
   * @param end why it ended; a clean end of the upstream's body is {@link End#UPSTREAM_ENDED}, even
   *     if its terminal event was missing
   * @param firstContentNanos {@code Ticker.nanos()} when the tap first saw content
   */
  record Pumped(End end, OptionalLong firstContentNanos) {
    /** Why a stream ended. */
    public enum End {
      /** The upstream's body ended. */
      UPSTREAM_ENDED,
      /** The upstream's connection broke. */
      UPSTREAM_BROKEN,
      /** The upstream was silent for too long. */
      UPSTREAM_TIMEOUT,
      /** The meter cut it; the call was cancelled. */
      CUT,
      /** The client left or stalled; the call was cancelled. */
      CLIENT_GONE,
      /** The client left, and the rest was read to its end for the books. */
      CLIENT_GONE_DRAINED
    }
  }
}
