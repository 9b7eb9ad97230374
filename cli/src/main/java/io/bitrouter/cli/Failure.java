package io.bitrouter.cli;

import java.util.Optional;

/**
 * Ends a command: what to tell the person and with which exit code. The message is one sentence
 * without a final full stop; the hint says what to do about it.
 */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  final transient Exit exit;
  final String message;
  final transient Optional<String> hint;
  final transient Optional<Refusal> refusal;

  /** What a server said besides; {@code code} is a word for scripts, {@code status} HTTP's. */
  record Refusal(String code, int status, Optional<String> requestId) {}

  Failure(Exit exit, String message, Optional<String> hint, Optional<Refusal> refusal) {
    super(message, null, false, false);
    this.exit = exit;
    this.message = message;
    this.hint = hint;
    this.refusal = refusal;
  }

  /** A failure that no server answer caused. */
  static Failure of(Exit exit, String message) {
    return new Failure(exit, message, Optional.empty(), Optional.empty());
  }

  static Failure of(Exit exit, String message, String hint) {
    return new Failure(exit, message, Optional.of(hint), Optional.empty());
  }
}
