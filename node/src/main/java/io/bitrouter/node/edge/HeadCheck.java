package io.bitrouter.node.edge;

import io.netty.util.ByteProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every byte of a header block before it is decoded and refuses what two HTTP
 * implementations could read differently: lines that do not end in CRLF, folded lines, control
 * characters, and a request line that is not three words with one space between them.
 */
final class HeadCheck implements ByteProcessor {

  /** More than any known client sends, few enough for look-ups to stay cheap. */
  private static final int MAX_FIELDS = 256;

  private enum State {
    BEFORE,
    BEFORE_LF,
    REQUEST_LINE,
    REQUEST_LINE_LF,
    FIELD_START,
    FIELD,
    FIELD_LF,
    END_LF,
    DONE
  }

  private State state = State.BEFORE;
  private int spaces;
  private int fields;
  private boolean afterSpace;
  private @Nullable RequestRejected failure;

  /** Why the block is refused; null while nothing is wrong. */
  @Nullable RequestRejected failure() {
    return failure;
  }

  /** Whether a request has begun and its header block has not ended. */
  boolean inside() {
    return state != State.BEFORE && state != State.DONE;
  }

  /** Gets ready for the next header block. */
  void reset() {
    state = State.BEFORE;
    spaces = 0;
    fields = 0;
    afterSpace = true;
    failure = null;
  }

  /** Takes one byte; false at the end of the block and at the first fault. */
  @Override
  public boolean process(byte value) {
    return switch (state) {
      case BEFORE -> before(value);
      case BEFORE_LF -> lineFeed(value, State.BEFORE);
      case REQUEST_LINE -> requestLine(value);
      case REQUEST_LINE_LF ->
          spaces == 2 && !afterSpace
              ? lineFeed(value, State.FIELD_START)
              : fail("the request line must be method, target and version");
      case FIELD_START -> fieldStart(value);
      case FIELD -> field(value);
      case FIELD_LF -> lineFeed(value, State.FIELD_START);
      case END_LF -> {
        lineFeed(value, State.DONE);
        yield false;
      }
      case DONE -> false;
    };
  }

  private boolean before(byte value) {
    if (value == '\r') {
      state = State.BEFORE_LF;
      return true;
    }
    state = State.REQUEST_LINE;
    afterSpace = true;
    return requestLine(value);
  }

  private boolean requestLine(byte value) {
    if (value == '\r') {
      state = State.REQUEST_LINE_LF;
      return true;
    }
    if (value == ' ') {
      if (afterSpace || spaces == 2) {
        return fail("the request line must have single spaces");
      }
      spaces++;
      afterSpace = true;
      return true;
    }
    afterSpace = false;
    return value > ' ' && value < 0x7F || fail("the request line holds a forbidden character");
  }

  private boolean fieldStart(byte value) {
    if (value == '\r') {
      state = State.END_LF;
      return true;
    }
    if (value == ' ' || value == '\t') {
      return fail("a header line is folded");
    }
    fields++;
    if (fields > MAX_FIELDS) {
      failure = new RequestRejected(431, "there are more than " + MAX_FIELDS + " header fields");
      return false;
    }
    state = State.FIELD;
    return field(value);
  }

  private boolean field(byte value) {
    if (value == '\r') {
      state = State.FIELD_LF;
      return true;
    }
    // Bytes above 0x7F are negative here; they are old but harmless.
    boolean control = value >= 0 && value < ' ' && value != '\t' || value == 0x7F;
    return !control || fail("a header line holds a control character");
  }

  private boolean lineFeed(byte value, State next) {
    if (value != '\n') {
      return fail("a line does not end in CR LF");
    }
    state = next;
    return true;
  }

  private boolean fail(String text) {
    failure = new RequestRejected(400, text);
    return false;
  }
}
