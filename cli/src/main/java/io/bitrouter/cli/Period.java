package io.bitrouter.cli;

import io.bitrouter.wire.control.Rfc3339;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The time that a usage report is about. */
final class Period {
  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Start, RFC 3339 (default: 30 days before the end).")
  Optional<Instant> from = Optional.empty();

  @Option(names = "--to", paramLabel = "TIME", description = "End, RFC 3339 (default: now).")
  Optional<Instant> to = Optional.empty();

  Query addTo(Query query) {
    return query.add("from", from.map(Rfc3339::format)).add("to", to.map(Rfc3339::format));
  }
}
