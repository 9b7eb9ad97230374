package io.bitrouter.wire.control;

/**
 * A body that is not JSON, or not the JSON that was expected. The message is one sentence for the
 * person who sent it: which member and what is wrong with it, with line and column when they are
 * known. It never quotes values.
 */
public final class ControlFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ControlFormatException(String message) {
    super(message);
  }

  public ControlFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
