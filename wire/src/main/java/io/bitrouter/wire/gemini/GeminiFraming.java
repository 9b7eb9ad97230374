package io.bitrouter.wire.gemini;

import io.bitrouter.wire.sse.SseEvent;
import java.io.ByteArrayOutputStream;

/** Puts the objects of one stream in a row: as events, or as one JSON array. Not thread-safe. */
final class GeminiFraming {

  private final boolean array;
  private boolean opened;

  /** As an array, or as events. */
  GeminiFraming(boolean array) {
    this.array = array;
  }

  /** The same at the place where it is now. */
  GeminiFraming copy() {
    GeminiFraming copy = new GeminiFraming(array);
    copy.opened = opened;
    return copy;
  }

  /** Adds an object. */
  void add(byte[] object, ByteArrayOutputStream out) {
    if (array) {
      out.write(opened ? ',' : '[');
      out.writeBytes(object);
      opened = true;
    } else {
      SseEvent.begin("", out);
      out.writeBytes(object);
      SseEvent.end(out);
    }
  }

  /** Ends the stream. */
  void close(ByteArrayOutputStream out) {
    if (array) {
      if (!opened) {
        out.write('[');
      }
      out.write(']');
    }
  }
}
