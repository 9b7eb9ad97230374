package io.bitrouter.cli;

/** Why a command ended, as the exit code that scripts see. Ctrl-C is 130, by the JVM itself. */
enum Exit {
  FAILURE(1, "failed"),
  USAGE(2, "usage"),
  DECLINED(3, "declined"),
  UNAUTHENTICATED(4, "unauthenticated"),
  FORBIDDEN(5, "forbidden"),
  NOT_FOUND(6, "not_found"),
  CONFLICT(7, "conflict"),
  LIMITED(8, "limited"),
  UNREACHABLE(9, "unreachable");

  final int code;

  /** For scripts that read the error as JSON. */
  final String word;

  Exit(int code, String word) {
    this.code = code;
    this.word = word;
  }

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
