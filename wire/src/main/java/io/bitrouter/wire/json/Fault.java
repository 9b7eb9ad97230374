package io.bitrouter.wire.json;

import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import tools.jackson.core.JsonParser;

/** Ends a scan; never leaves this package and carries no stack trace. */
final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final int SHOWN_NAME = 64;

  private final transient Refusal refusal;

  Fault(String message) {
    this(Refusal.of(RefusalCode.INVALID_REQUEST, message));
  }

  Fault(String member, String message) {
    this(Refusal.of(RefusalCode.INVALID_REQUEST, "'" + member + "' " + message).withParam(member));
  }

  private Fault(Refusal refusal) {
    super(refusal.message(), null, false, false);
    this.refusal = refusal;
  }

  /** The member {@code name}, at which the parser stands, was there before. */
  static Fault twice(String prefix, String name, JsonParser json) {
    String shown = name.length() <= SHOWN_NAME ? name : name.substring(0, SHOWN_NAME) + "…";
    return new Fault(
        prefix + shown, "occurs twice, again at " + Json.position(json.currentTokenLocation()));
  }

  Refusal refusal() {
    return refusal;
  }
}
