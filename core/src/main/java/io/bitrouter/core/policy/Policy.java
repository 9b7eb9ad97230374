package io.bitrouter.core.policy;

import java.util.OptionalLong;

/**
 * A policy of a namespace. It acts only where it is bound.
 *
 * @param id identity for life
 * @param name a label, 1 to 128 printable characters
 * @param spec what it says; its kind never changes
 * @param revision 1 at first, one more with every change
 * @param locked whether only operators may change, disable or unbind it
 * @param createdAtMicros microseconds since the epoch
 * @param updatedAtMicros its last change
 * @param disabledAtMicros since when it has no effect, if it has none
 */
public record Policy(
    PolicyId id,
    String name,
    PolicySpec spec,
    long revision,
    boolean locked,
    long createdAtMicros,
    long updatedAtMicros,
    OptionalLong disabledAtMicros) {

  /** Whether it acts where it is bound. */
  public boolean enabled() {
    return disabledAtMicros.isEmpty();
  }

  /** The next revision with another name and spec. */
  public Policy with(String otherName, PolicySpec otherSpec, long nowMicros) {
    return new Policy(
        id,
        otherName,
        otherSpec,
        revision + 1,
        locked,
        createdAtMicros,
        nowMicros,
        disabledAtMicros);
  }

  /** The next revision, disabled since {@code since}, or enabled when that is empty. */
  public Policy disabled(OptionalLong since, long nowMicros) {
    return new Policy(id, name, spec, revision + 1, locked, createdAtMicros, nowMicros, since);
  }
}
