package io.bitrouter.wire.translate;

import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.wire.sse.SseEvent;
import java.util.function.Consumer;

/** Reads the events of one upstream's stream. Not thread-safe. */
public interface ReplyReader {

  /**
   * Reads one event that has data. What cannot be read says nothing; an error that the upstream
   * reports is {@link ReplyEvent.Failed}.
   */
  void read(SseEvent event, Consumer<ReplyEvent> out);

  /**
   * The stream has ended. Says {@link ReplyEvent.Ended} if the answer is complete and the protocol
   * has no event for that.
   */
  default void end(Consumer<ReplyEvent> out) {}
}
