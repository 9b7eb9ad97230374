package io.bitrouter.wire.json;

import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;

/** Ends a scan; never leaves this package and carries no stack trace. */
final class RequestFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  private RequestFault(Refusal refusal) {
    super(refusal.message(), null, false, false);
    this.refusal = refusal;
  }

  static RequestFault of(String message) {
    return new RequestFault(Refusal.of(RefusalCode.INVALID_REQUEST, message));
  }

  static RequestFault member(String name, String message) {
    return new RequestFault(
        Refusal.of(RefusalCode.INVALID_REQUEST, "'" + name + "' " + message).withParam(name));
  }

  Refusal refusal() {
    return refusal;
  }
}
