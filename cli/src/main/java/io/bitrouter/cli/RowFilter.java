package io.bitrouter.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Which requests a report or list is about. */
final class RowFilter {
  @Option(names = "--model", paramLabel = "MODEL", description = "Only of this provider/model.")
  Optional<String> model = Optional.empty();

  @Option(names = "--provider", paramLabel = "PROVIDER", description = "Only of this provider.")
  Optional<String> provider = Optional.empty();

  @Option(names = "--key", paramLabel = "ID", description = "Only by this key.")
  Optional<String> key = Optional.empty();

  @Option(
      names = "--root-key",
      paramLabel = "ID",
      description = "Only by this key and all that come from it, given the first of its line.")
  Optional<String> rootKey = Optional.empty();

  Query addTo(Query query) {
    return query
        .add("model", model)
        .add("provider", provider)
        .add("key", key)
        .add("root_key", rootKey);
  }
}
