package io.bitrouter.wire.sim;

import java.nio.charset.StandardCharsets;

/** Writes server-sent events. Stateless. */
final class SimEvents {

  private SimEvents() {}

  /** An event with one line of data; without a name when {@code name} is empty. */
  static byte[] event(String name, byte[] data) {
    String prefix = name.isEmpty() ? "data: " : "event: " + name + "\ndata: ";
    byte[] start = prefix.getBytes(StandardCharsets.US_ASCII);
    byte[] event = new byte[start.length + data.length + 2];
    System.arraycopy(start, 0, event, 0, start.length);
    System.arraycopy(data, 0, event, start.length, data.length);
    event[event.length - 2] = '\n';
    event[event.length - 1] = '\n';
    return event;
  }
}
