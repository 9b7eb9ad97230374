package io.bitrouter.core.exchange;

/** Where token figures come from: absent, zero and estimated are three different things. */
public enum UsageOrigin {
  /** The upstream reported them. */
  REPORTED("reported"),
  /** We bounded them from bytes, because the answer ended before a report. */
  ESTIMATED("estimated"),
  /** Nothing was used. */
  NONE("none");

  private final String text;

  UsageOrigin(String text) {
    this.text = text;
  }

  /** The name in request rows. */
  public String text() {
    return text;
  }
}
