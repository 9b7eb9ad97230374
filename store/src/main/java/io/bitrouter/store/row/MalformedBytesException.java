package io.bitrouter.store.row;

/** Bytes whose checksum was right do not have the form they should: written by another program. */
public final class MalformedBytesException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With what is wrong. */
  public MalformedBytesException(String message) {
    super(message);
  }
}
