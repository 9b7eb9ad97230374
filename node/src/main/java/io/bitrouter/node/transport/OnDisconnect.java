package io.bitrouter.node.transport;

/** What becomes of a call to an upstream when the client goes. */
public enum OnDisconnect {
  /** The connection to the upstream is closed at once. */
  CANCEL,
  /** The answer is read on, for 30 seconds at most, and thrown away, so that its usage is known. */
  DRAIN
}
