package io.bitrouter.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Which part of a long list. */
final class Page {
  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many, 1 to 100 (default: the node's, 25).")
  Optional<Long> limit = Optional.empty();

  @Option(
      names = "--cursor",
      paramLabel = "CURSOR",
      description = "Go on where the page before ended; it says with what.")
  Optional<String> cursor = Optional.empty();

  Query addTo(Query query) {
    if (limit.filter(n -> n < 1).isPresent()) {
      throw Failure.of(Exit.USAGE, "--limit must be at least 1");
    }
    return query.add("limit", limit).add("cursor", cursor);
  }

  /** Says how to get the next page, if there is one. */
  static void next(Cli cli, Optional<String> cursor) {
    cursor.ifPresent(word -> cli.output().note("more with --cursor " + word));
  }
}
