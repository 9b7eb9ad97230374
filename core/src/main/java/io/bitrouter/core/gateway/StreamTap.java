package io.bitrouter.core.gateway;

import io.bitrouter.core.exchange.MeasuredUsage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Reads an upstream's stream on its way to the client: finds usage and finish reason, takes out
 * what the client did not ask for, and holds back the terminal event, so that the request can be
 * settled before the client sees the end. Called by one thread at a time, never blocks.
 */
public interface StreamTap {

  /** Takes bytes as they were read, split anywhere, and passes on what may be sent now. */
  void accept(ByteBuffer chunk, ByteSink out);

  /** The upstream's body has ended; passes on what is left except the terminal event. */
  void upstreamEnded(ByteSink out);

  /** Whether content has been seen, as opposed to opening events and comments. */
  boolean contentSeen();

  /** Bytes of generated text, reasoning and tool arguments so far; a plain read. */
  long outputBytes();

  /** Usage as reported so far; the figures of the output may still grow. */
  Optional<MeasuredUsage> usage();

  /** Names of objects that the provider says it has made and keeps. */
  default List<String> keptObjects() {
    return List.of();
  }

  /** What the stream said, so far or in the end. */
  StreamReport report();

  /**
   * The events that end an answer whose terminal event has been seen.
   *
   * @param usage what it is charged for, where the protocol tells it at the end
   */
  default byte[] ending(MeasuredUsage usage) {
    return report().held();
  }

  /**
   * The events that end the answer where it is, as one that reached its output limit: to be sent
   * after all that was passed on, in place of anything more from the upstream. What is open is
   * closed in the protocol's order, and what has been ended already is not ended again. When the
   * terminal event has been seen, it is that event.
   *
   * @param usage what the client is told about usage, where the protocol tells it at the end
   */
  byte[] cut(MeasuredUsage usage);

  /**
   * The last bytes of an answer that broke off: {@code event}, in the place where the stream is.
   *
   * @param event what the dialect says of the failure, see {@link Dialect#renderInStream}
   */
  default byte[] broken(byte[] event) {
    return event;
  }

  /**
   * What a stream has said.
   *
   * @param complete whether its terminal event was seen
   * @param usage usage as reported, empty when there was no report yet
   * @param finishReason the upstream's word for why it ended
   * @param error message of an error event, when there was one
   * @param outputBytes bytes of generated text, reasoning and tool arguments received
   * @param largestChunkBytes most such bytes in one event
   * @param held the terminal event, held back
   */
  record StreamReport(
      boolean complete,
      Optional<MeasuredUsage> usage,
      Optional<String> finishReason,
      Optional<String> error,
      long outputBytes,
      long largestChunkBytes,
      byte[] held) {}
}
