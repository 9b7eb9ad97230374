package io.bitrouter.core.store;

/** The store cannot be read or written now: locked, full, gone. */
public class StoreUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Found out by the program itself. */
  public StoreUnavailableException(String message) {
    super(message);
  }

  /** With what the store said. */
  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
