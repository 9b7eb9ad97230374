package io.bitrouter.core.gateway;

import io.bitrouter.core.admission.RateState;
import io.bitrouter.core.admission.Reservation;
import java.util.List;

/** Tells a client how its rate limits stand, in the headers that OpenAI's clients read. */
final class RateFields {

  private RateFields() {}

  static void add(Reservation held, List<HeaderField> fields) {
    held.requestRate().ifPresent(state -> add("requests", state, fields));
    held.tokenRate().ifPresent(state -> add("tokens", state, fields));
  }

  private static void add(String what, RateState state, List<HeaderField> fields) {
    fields.add(new HeaderField("x-ratelimit-limit-" + what, Long.toString(state.limit())));
    fields.add(new HeaderField("x-ratelimit-remaining-" + what, Long.toString(state.remaining())));
    fields.add(
        new HeaderField(
            "x-ratelimit-reset-" + what, Math.ceilDiv(state.resetMicros(), 1_000L) + "ms"));
  }
}
