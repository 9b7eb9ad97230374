package io.bitrouter.core.admission;

/**
 * How a rate limit stands after a request was let in; of several the one with least left.
 *
 * @param limit the limit
 * @param remaining what is left in the window
 * @param resetMicros how long until all of it is free again if nothing is added, microseconds
 */
public record RateState(long limit, long remaining, long resetMicros) {}
