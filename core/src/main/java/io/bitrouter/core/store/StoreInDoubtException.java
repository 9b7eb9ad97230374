package io.bitrouter.core.store;

import java.util.concurrent.CompletionStage;

/** The store took too long over a commit: the change may yet be stored. */
public final class StoreInDoubtException extends StoreUnavailableException {

  private static final long serialVersionUID = 1L;

  private final transient CompletionStage<?> outcome;

  /** With what the write returns in the end, or why it was not made. */
  public StoreInDoubtException(String message, CompletionStage<?> outcome) {
    super(message);
    this.outcome = outcome;
  }

  /**
   * What the write returned, as soon as it is stored; an exception when it is not stored. Completed
   * by a thread of the store, which must not be kept waiting.
   */
  public CompletionStage<?> outcome() {
    return outcome;
  }
}
