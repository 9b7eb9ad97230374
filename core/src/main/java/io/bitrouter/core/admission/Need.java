package io.bitrouter.core.admission;

/**
 * What a request may cost, nano-USD, each at least 0.
 *
 * @param worst the most it can cost
 * @param least what it will cost at least, by what such requests have cost, with as little of an
 *     answer as is worth beginning
 * @param wanted that with the first tranche of the answer
 */
public record Need(long worst, long least, long wanted) {

  /** Nothing: no budget applies. */
  public static final Need NONE = new Need(0, 0, 0);
}
