package io.bitrouter.core.exchange;

/**
 * A JSON value that the gateway carries without looking into it: a tool's schema, say.
 *
 * @param text the value as JSON
 */
public record JsonText(String text) {

  /** An object without members. */
  public static final JsonText EMPTY_OBJECT = new JsonText("{}");
}
