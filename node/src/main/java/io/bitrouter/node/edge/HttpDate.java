package io.bitrouter.node.edge;

import io.bitrouter.core.kernel.Ticker;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of the {@code Date} field, made once a second. Thread-safe. */
final class HttpDate {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private record Stamp(long second, String text) {}

  private final Ticker ticker;
  private volatile Stamp last = new Stamp(Long.MIN_VALUE, "");

  HttpDate(Ticker ticker) {
    this.ticker = ticker;
  }

  String now() {
    long second = Math.floorDiv(ticker.epochMicros(), 1_000_000L);
    Stamp stamp = last;
    if (stamp.second != second) {
      stamp = new Stamp(second, FORMAT.format(Instant.ofEpochSecond(second)));
      last = stamp;
    }
    return stamp.text;
  }
}
