package io.bitrouter.core.gateway;

/** Watches an answer flow, for the limits that grow with it. */
public interface StreamMeter {

  /** What is to become of the answer. */
  enum Verdict {
    /** It goes on. */
    GO_ON,
    /** It pauses until {@link #await} says more. */
    PAUSE,
    /** It ends here. */
    CUT
  }

  /** An answer that nothing limits. */
  StreamMeter NONE =
      new StreamMeter() {
        @Override
        public Verdict flowed(long outputBytes) {
          return Verdict.GO_ON;
        }

        @Override
        public Verdict await() {
          return Verdict.GO_ON;
        }
      };

  /** Takes note of all output so far, in bytes. Called by the event loop; never blocks. */
  Verdict flowed(long outputBytes);

  /**
   * Waits, for a bounded time, until a paused answer may go on or has to end. Called by the
   * request's own thread.
   */
  Verdict await();
}
