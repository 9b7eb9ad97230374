package io.bitrouter.it.law;

import io.bitrouter.core.admission.KeyTotals;
import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.testkit.Walk;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;

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
    long book(KeyTotals totals, NamespaceId namespace, KeyId key, long nanos);
  }

  private MoneyLaw() {}

  static void check(Walk walk, Booking booking) {
    KeyTotals totals = new KeyTotals();
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
      KeyId key = new KeyId("key_" + walk.below(5));
      walk.step(usage + " at " + price);
      long nanos = price.costNanos(usage);
      if (!BigInteger.valueOf(nanos).equals(exact(price, usage))) {
        throw new AssertionError("costs " + exact(price, usage) + " nano-USD, not " + nanos);
      }
      exactNanos.merge(key, BigInteger.valueOf(nanos), BigInteger::add);
      rowMicros.merge(key, booking.book(totals, NAMESPACE, key, nanos), Long::sum);
    }
    exactNanos.forEach((key, nanos) -> {
      long whole = nanos.divide(BigInteger.valueOf(1_000)).longValueExact();
      if (rowMicros.getOrDefault(key, 0L) != whole) {
        throw new AssertionError(
            "rows of " + key + " add up to " + rowMicros.get(key) + " of " + whole);
      }
    });
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
