package io.bitrouter.core.exchange;

/** What a model reads for a request that is not in its body, from the least to the most. */
public enum Elsewhere {
  /** Nothing. */
  NOTHING,
  /** Content that the body points to: it can fill the context, once. */
  CONTENT,
  /**
   * Whatever tools find that the provider runs, in as many turns as it likes: nothing bounds it.
   */
  TOOLS
}
