package io.bitrouter.core.kernel;

import java.util.Optional;

/** The rule for names that people give to things: a label, never an identity. */
public final class Label {

  /** Most characters of a label. */
  public static final int LONGEST = 128;

  private Label() {}

  /**
   * What is wrong with {@code text} as the member {@code member}, leading and trailing white space
   * set aside; empty when nothing is.
   */
  public static Optional<String> fault(String member, String text) {
    String stripped = text.strip();
    if (stripped.isEmpty() || stripped.codePointCount(0, stripped.length()) > LONGEST) {
      return Optional.of(member + " must have 1 to " + LONGEST + " characters");
    }
    boolean printable =
        stripped.codePoints().noneMatch(c -> Character.isISOControl(c) || !Character.isDefined(c));
    return printable ? Optional.empty() : Optional.of(member + " must not hold control characters");
  }
}
