package io.bitrouter.wire.policy;

import java.util.Locale;

/** Constants as they are written on the wire. */
final class Words {

  private Words() {}

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
