package io.bitrouter.core.usage;

/** How a request stands. */
public enum RequestStatus {
  /** Admitted; nothing has come back. */
  PENDING("pending"),
  /** An answer is flowing. */
  STREAMING("streaming"),
  /** Answered in full. */
  SUCCEEDED("succeeded"),
  /** Not answered, through no rule of ours. */
  FAILED("failed"),
  /** Refused by a rule before it reached an upstream. */
  DENIED("denied"),
  /** The client left. */
  CANCELLED("cancelled");

  private final String text;

  RequestStatus(String text) {
    this.text = text;
  }

  /** The name in request rows. */
  public String text() {
    return text;
  }
}
