package io.bitrouter.core.store;

/** The same idempotency key is being used at the same time; nothing was changed this time. */
public final class AlreadyAnsweredException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Says so. */
  public AlreadyAnsweredException() {
    super("another request with this Idempotency-Key was faster");
  }
}
