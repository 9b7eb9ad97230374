package io.bitrouter.cli;

import java.util.Optional;

/**
 * Ends a command: what to tell the person and with which exit code. The message is one sentence
 * without a final full stop; the hint says what to do about it.
 */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String message;
  private final transient Exit exit;
  private final transient Details details;

  /**
   * What goes with the message.
   *
   * @param code a word for scripts
   * @param hint what to do
   * @param requestId the node's id of the refused request
   * @param status the HTTP status of the refusal
   */
  record Details(
      String code, Optional<String> hint, Optional<String> requestId, Optional<Integer> status) {}

  Failure(Exit exit, String message, Details details) {
    super(message, null, false, false);
    this.message = message;
    this.exit = exit;
    this.details = details;
  }

  /** A failure that no server answer caused. */
  static Failure of(Exit exit, String message) {
    return new Failure(exit, message, plain(exit, Optional.empty()));
  }

  /** A failure that no server answer caused, and what to do about it. */
  static Failure of(Exit exit, String message, String hint) {
    return new Failure(exit, message, plain(exit, Optional.of(hint)));
  }

  private static Details plain(Exit exit, Optional<String> hint) {
    return new Details(exit.word, hint, Optional.empty(), Optional.empty());
  }

  @Override
  public String getMessage() {
    return message;
  }

  Exit exit() {
    return exit;
  }

  Details details() {
    return details;
  }
}
