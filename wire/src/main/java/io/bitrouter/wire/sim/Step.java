package io.bitrouter.wire.sim;

/**
 * One thing a simulated upstream does, in order. The head of the answer goes out with the first
 * chunk, so that a delay before it delays the head too.
 */
public sealed interface Step {

  /** Waits; at least 1 millisecond. */
  record Delay(long millis) implements Step {}

  /** Sends bytes of the body and flushes them. */
  record Chunk(byte[] bytes) implements Step {}

  /** Resets the connection; before the first chunk nothing of an answer has been sent. */
  record Reset() implements Step {}

  /** Ends the connection in an orderly way although the answer is not complete. */
  record Truncate() implements Step {}
}
