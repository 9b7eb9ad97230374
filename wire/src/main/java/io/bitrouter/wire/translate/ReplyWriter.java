package io.bitrouter.wire.translate;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.ReplyEvent;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** Writes one answer as a stream of its protocol's events. Not thread-safe. */
public interface ReplyWriter {

  /**
   * Writes what {@code event} adds; {@code Finished}, {@code Failed} and {@code Ended} never come.
   */
  void write(ReplyEvent event, ByteArrayOutputStream out);

  /**
   * Writes the end of the answer, whatever of it has been written: what is open is closed, and what
   * has not begun is begun. Called once, last.
   *
   * @param finished each choice's end, by index, at least one
   */
  void end(List<ReplyEvent.Finished> finished, MeasuredUsage usage, ByteArrayOutputStream out);
}
