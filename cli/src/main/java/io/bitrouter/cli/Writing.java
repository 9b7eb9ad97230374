package io.bitrouter.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a change is asked for. */
class Writing {
  @Option(
      names = {"-n", "--dry-run"},
      description = "Show what would be answered and change nothing.")
  boolean dryRun;

  List<Http.Header> headers() {
    return List.of();
  }

  /** How something new is asked for. */
  static final class Creating extends Writing {
    @Option(
        names = "--idempotency-key",
        paramLabel = "KEY",
        description = "A word of your choice; a retry with the same one makes nothing twice.")
    Optional<String> key = Optional.empty();

    @Override
    List<Http.Header> headers() {
      return key.map(word -> List.of(new Http.Header("Idempotency-Key", word))).orElse(List.of());
    }
  }
}
