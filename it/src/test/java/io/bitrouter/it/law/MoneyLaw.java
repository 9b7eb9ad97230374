package io.bitrouter.it.law;

import io.bitrouter.core.admission.Admission;
import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.ScopeSet;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.testkit.Walk;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Prices random usage with random prices and books it on random keys, against exact decimal
 * arithmetic: no nano-dollar is lost or made, and whole micro-dollars add up.
 */
final class MoneyLaw {

  private static final int CHARGES = 400;
  private static final NamespaceId NAMESPACE = new NamespaceId("ns_0000000000000000000000000a");

  /** Books a charge and says the row's micro-dollars; the product's, or one with a hole. */
  @FunctionalInterface
  interface Booking {
    long book(Admission admission, KeyRecord key, long nanos);
  }

  private MoneyLaw() {}

  static void check(Walk walk, Booking booking) {
    Admission admission = new Admission(Ticker.system(), new Admission.Bounds(0, 0));
    List<KeyRecord> keys = lineage(walk);
    Map<KeyId, BigInteger> exactNanos = new HashMap<>();
    Map<KeyId, Long> rowMicros = new HashMap<>();
    for (int i = 0; i < CHARGES; i++) {
      Price price =
          new Price(
              walk.below(100_000_000),
              walk.below(10_000_000),
              walk.below(10_000_000),
              walk.below(10_000_000),
              walk.below(100_000_000));
      TokenUsage usage =
          new TokenUsage(
              walk.below(2_000),
              walk.below(2_000),
              walk.below(20),
              walk.below(20),
              walk.below(500),
              walk.below(50));
      KeyRecord key = keys.get(walk.below(keys.size()));
      walk.step(usage + " at " + price);
      long nanos = price.costNanos(usage);
      if (!BigInteger.valueOf(nanos).equals(exact(price, usage))) {
        throw new AssertionError("costs " + exact(price, usage) + " nano-USD, not " + nanos);
      }
      exactNanos.merge(key.id(), BigInteger.valueOf(nanos), BigInteger::add);
      rowMicros.merge(key.id(), booking.book(admission, key, nanos), Long::sum);
    }
    exactNanos.forEach((key, nanos) -> {
      long whole = nanos.divide(BigInteger.valueOf(1_000)).longValueExact();
      if (rowMicros.getOrDefault(key, 0L) != whole) {
        throw new AssertionError(
            "rows of " + key + " add up to " + rowMicros.get(key) + " of " + whole);
      }
    });
  }

  /** Five keys, each minted by one before it or by nobody. */
  private static List<KeyRecord> lineage(Walk walk) {
    List<KeyRecord> keys = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      List<KeyId> ancestors = new ArrayList<>();
      int parent = walk.below(i + 1) - 1;
      if (parent >= 0) {
        ancestors.add(keys.get(parent).id());
        ancestors.addAll(keys.get(parent).ancestors());
      }
      keys.add(
          new KeyRecord(
              NAMESPACE,
              new KeyId("key_" + i),
              "key",
              ScopeSet.of(List.of()),
              List.copyOf(ancestors),
              0,
              OptionalLong.empty(),
              OptionalLong.empty(),
              OptionalLong.empty(),
              List.of()));
    }
    return keys;
  }

  private static BigInteger exact(Price price, TokenUsage usage) {
    BigDecimal pico =
        product(price.uncachedInput(), usage.uncachedInput())
            .add(product(price.cacheRead(), usage.cacheRead()))
            .add(product(price.cacheWrite5m(), usage.cacheWrite5m()))
            .add(product(price.cacheWrite1h(), usage.cacheWrite1h()))
            .add(product(price.output(), usage.output()))
            .add(product(price.output(), usage.reasoning()));
    return pico.movePointLeft(3).setScale(0, RoundingMode.CEILING).toBigIntegerExact();
  }

  private static BigDecimal product(long a, long b) {
    return BigDecimal.valueOf(a).multiply(BigDecimal.valueOf(b));
  }
}
