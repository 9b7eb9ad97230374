package io.bitrouter.wire.sim;

/** A request that the simulator refuses; never leaves this package. */
final class SimFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  private SimFault(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** A request that is wrong. */
  static SimFault invalid(String message) {
    return new SimFault(400, message);
  }

  /** A model that is not simulated. */
  static SimFault unknownModel(String message) {
    return new SimFault(404, message);
  }

  int status() {
    return status;
  }

  String text() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
