package io.bitrouter.core.store;

import io.bitrouter.core.credential.KeyId;
import java.time.ZoneId;
import java.util.Optional;

/**
 * A question about usage.
 *
 * @param fromMicros requests that started at or after
 * @param toMicros and before
 * @param filter which of them
 */
public record UsageQuery(long fromMicros, long toMicros, Filter filter) {

  /** Everything in the interval. */
  public static UsageQuery of(long fromMicros, long toMicros) {
    return new UsageQuery(fromMicros, toMicros, Filter.NONE);
  }

  /** Which requests are meant; an absent member means all. */
  public record Filter(
      Optional<String> model,
      Optional<String> provider,
      Optional<String> key,
      Optional<String> rootKey) {

    /** All of them. */
    public static final Filter NONE =
        new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Those of the keys that this one is the first of the lineage of. */
    public static Filter ofLineage(KeyId rootKey) {
      return new Filter(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(rootKey.text()));
    }
  }

  /** By what sums are told apart. */
  public sealed interface Grouping {
    /** By canonical model; requests without one are in the group with the empty name. */
    record ByModel() implements Grouping {}

    /** By provider, likewise. */
    record ByProvider() implements Grouping {}

    /** By key. */
    record ByKey() implements Grouping {}

    /** By first key of the lineage. */
    record ByRootKey() implements Grouping {}

    /** By calendar day of a time zone. */
    record ByDay(ZoneId zone) implements Grouping {}

    /** By hour of a time zone. */
    record ByHour(ZoneId zone) implements Grouping {}
  }

  /**
   * The sums of one group.
   *
   * @param name model, provider or key; of a day or hour its start in RFC 3339
   * @param fromMicros start of the day or hour, of other groups the start of the interval
   * @param toMicros its end, likewise
   * @param totals the sums
   */
  public record Group(String name, long fromMicros, long toMicros, UsageTotals totals) {}
}
