package io.bitrouter.core.usage;

/** How sure a charge is. */
public enum ChargeState {
  /** Priced from reported tokens. */
  COMPUTED("computed"),
  /** Priced from a bound on the tokens. */
  ESTIMATED("estimated"),
  /** The node died in between; the true figure is unknown until reconciled. */
  INDETERMINATE("indeterminate"),
  /** Nothing was charged. */
  NOT_CHARGED("not_charged");

  private final String text;

  ChargeState(String text) {
    this.text = text;
  }

  /** The name in request rows. */
  public String text() {
    return text;
  }
}
