package io.bitrouter.node.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * The catalogue that comes with the program: providers, models, limits and list prices of one day.
 * Prices of later days, and discounts, are the operator's to configure.
 *
 * @param version name of this table, kept with every charge that was computed from it
 * @param asOf the day on which the prices were true
 * @param providers the providers, in order of preference
 */
record BundledCatalog(String version, LocalDate asOf, List<KnownProvider> providers) {

  /** Reads the catalogue from the class path. */
  static BundledCatalog load() {
    try (InputStream in = BundledCatalog.class.getResourceAsStream("/catalog.json")) {
      if (in == null) {
        throw new IllegalStateException("catalog.json is not on the class path");
      }
      return new CatalogReader(in.readAllBytes()).read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The provider of this id. */
  Optional<KnownProvider> provider(String id) {
    return providers.stream().filter(known -> known.id().equals(id)).findFirst();
  }
}
