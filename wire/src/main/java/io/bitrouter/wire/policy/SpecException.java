package io.bitrouter.wire.policy;

/** A spec that is not one; the message names the member by its path. */
public final class SpecException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final String path;

  SpecException(String path, String message) {
    super(message);
    this.path = path;
  }

  /** The member at fault, {@code spec.limit_micro_usd}. */
  public String path() {
    return path;
  }
}
