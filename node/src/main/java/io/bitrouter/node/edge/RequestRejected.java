package io.bitrouter.node.edge;

/** A request that is refused before any handler sees it; without a stack trace. */
final class RequestRejected extends RuntimeException {
  private final int status;

  RequestRejected(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** The HTTP status of the answer. */
  int status() {
    return status;
  }

  /** What happened, for the client. */
  String text() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
