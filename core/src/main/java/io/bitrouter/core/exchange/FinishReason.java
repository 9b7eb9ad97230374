package io.bitrouter.core.exchange;

/** Why an answer ended. */
public enum FinishReason {
  /** The model was done, or met a stop sequence. */
  STOP,
  /** It reached its length, or the context is full. */
  LENGTH,
  /** It waits for the results of tools that the client runs. */
  TOOL_CALLS,
  /** The model or its provider would not go on. */
  CONTENT_FILTER,
  /** The provider paused a long turn, which can be continued. */
  PAUSE,
  /** The model called a tool in a way that the provider could not read. */
  MALFORMED_CALL
}
