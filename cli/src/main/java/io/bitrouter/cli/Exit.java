package io.bitrouter.cli;

/** Why a command ended, as the exit code that scripts see. Ctrl-C is 130, by the JVM itself. */
enum Exit {
  OK(0),
  FAILURE(1),
  USAGE(2),
  DECLINED(3),
  UNAUTHENTICATED(4),
  FORBIDDEN(5),
  NOT_FOUND(6),
  CONFLICT(7),
  LIMITED(8),
  UNREACHABLE(9);

  private final int code;

  Exit(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** The code for a refusal with this HTTP status. */
  static Exit ofStatus(int status) {
    return switch (status) {
      case 401 -> UNAUTHENTICATED;
      case 403 -> FORBIDDEN;
      case 404 -> NOT_FOUND;
      case 409 -> CONFLICT;
      case 402, 429 -> LIMITED;
      case 503, 504 -> UNREACHABLE;
      default -> FAILURE;
    };
  }
}
