package io.bitrouter.core.exchange;

/** Asks for the prompt up to here to be written to a cache. */
public enum CacheMark {
  /** For five minutes. */
  FIVE_MINUTES,
  /** For an hour. */
  ONE_HOUR
}
