package io.bitrouter.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import picocli.CommandLine.Option;

/** When something new stops working. */
final class Expiry {
  @Option(
      names = "--expires-at",
      paramLabel = "TIME",
      description = "When it stops working, RFC 3339 (default: when your own does).")
  Optional<Instant> at = Optional.empty();

  @Option(
      names = "--expires",
      paramLabel = "SPAN",
      description = "After how long it stops working, such as 90m, 12h, 30d, 4w.")
  Optional<Duration> in = Optional.empty();

  Optional<Instant> end(InstantSource clock) {
    if (at.isPresent() && in.isPresent()) {
      throw Failure.of(Exit.USAGE, "give --expires or --expires-at, not both");
    }
    return at.or(() -> in.map(span -> clock.instant().plus(span)));
  }
}
