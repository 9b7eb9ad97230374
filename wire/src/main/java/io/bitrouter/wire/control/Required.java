package io.bitrouter.wire.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks that a member a body cannot do without was sent. */
final class Required {
  private Required() {}

  /**
   * The value itself.
   *
   * @throws ControlFormatException when the member is missing or null
   */
  static <T> T member(String name, @Nullable T value) {
    if (value == null) {
      throw new ControlFormatException("member '" + name + "' is required");
    }
    return value;
  }

  /**
   * An unmodifiable copy.
   *
   * @throws ControlFormatException when the member is missing or null, or one of its elements is
   */
  static <T> List<T> list(String name, @Nullable List<T> value) {
    List<T> present = member(name, value);
    for (T element : present) {
      if (element == null) {
        throw new ControlFormatException("member '" + name + "' must not contain null");
      }
    }
    return List.copyOf(present);
  }
}
