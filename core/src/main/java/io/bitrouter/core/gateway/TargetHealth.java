package io.bitrouter.core.gateway;

import io.bitrouter.core.catalog.ModelId;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.NamespaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Which targets have failed a namespace lately. Each namespace finds out for itself, so that none
 * can shut a target to another. Thread-safe; there are at most as many entries as namespaces and
 * models.
 */
final class TargetHealth {

  /** Failures without a success between them after which a target is left alone. */
  private static final int FAILURES_TO_OPEN = 10;

  private static final long OPEN = TimeUnit.SECONDS.toNanos(5);
  private static final long LONGEST_COOLING = TimeUnit.SECONDS.toNanos(60);

  private record Place(NamespaceId namespace, ModelId model) {}

  /**
   * How a target stands.
   *
   * @param failures in a row
   * @param openUntil nanoseconds until which nothing is sent to it
   * @param coolUntil nanoseconds until which others are preferred
   */
  private record State(int failures, long openUntil, long coolUntil) {}

  private final Map<Place, State> states = new ConcurrentHashMap<>();
  private final Ticker ticker;

  TargetHealth(Ticker ticker) {
    this.ticker = ticker;
  }

  /** The targets that are well, in order, and after them those that are better left to cool. */
  List<Target> preferred(NamespaceId namespace, List<Target> targets) {
    if (states.isEmpty() || targets.size() < 2) {
      return targets;
    }
    List<Target> well = new ArrayList<>(targets.size());
    List<Target> ill = new ArrayList<>();
    long now = ticker.nanos();
    for (Target target : targets) {
      State state = states.get(place(namespace, target));
      boolean rests = state != null && (state.coolUntil() - now > 0 || state.openUntil() - now > 0);
      (rests ? ill : well).add(target);
    }
    well.addAll(ill);
    return well;
  }

  /**
   * Whether a request may be sent to it now. A target that has been left alone for its time gets
   * one request; the others wait for how that ends.
   */
  boolean admits(NamespaceId namespace, Target target) {
    long now = ticker.nanos();
    Place place = place(namespace, target);
    State state = states.get(place);
    if (state == null || state.failures() < FAILURES_TO_OPEN) {
      return true;
    }
    return state.openUntil() - now <= 0
        && states.replace(place, state, new State(state.failures(), now + OPEN, state.coolUntil()));
  }

  /** It has answered, whatever it said of the request. */
  void answered(NamespaceId namespace, Target target) {
    if (!states.isEmpty()) {
      states.remove(place(namespace, target));
    }
  }

  /** It has failed in a way that the request is not to blame for. */
  void failed(NamespaceId namespace, Target target) {
    long now = ticker.nanos();
    states.merge(
        place(namespace, target),
        new State(1, now, now),
        (before, one) -> {
          int failures = before.failures() + 1;
          long open = failures >= FAILURES_TO_OPEN ? now + OPEN : before.openUntil();
          return new State(failures, open, before.coolUntil());
        });
  }

  /** It has asked to be left alone for a while, or its account is of no use for now. */
  void cools(NamespaceId namespace, Target target, long nanos) {
    long now = ticker.nanos();
    long until = now + Math.min(nanos, LONGEST_COOLING);
    states.merge(
        place(namespace, target),
        new State(0, now, until),
        (before, one) -> new State(before.failures(), before.openUntil(), until));
  }

  private static Place place(NamespaceId namespace, Target target) {
    return new Place(namespace, target.model().id());
  }
}
