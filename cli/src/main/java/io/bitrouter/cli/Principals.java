package io.bitrouter.cli;

import io.bitrouter.wire.control.Policies.PrincipalRef;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Whom a policy counts for, as people type it. */
final class Principals {
  /** The namespace of the key in use. */
  static final PrincipalRef OWN_NAMESPACE = new PrincipalRef("namespace", "me");

  private Principals() {}

  /** Reads {@code api_key:key_…}, {@code namespace:me} or just {@code namespace}. */
  static PrincipalRef of(String text) {
    int colon = text.indexOf(':');
    if (text.equals(OWN_NAMESPACE.principalType())) {
      return OWN_NAMESPACE;
    }
    if (colon < 1 || colon == text.length() - 1) {
      throw new TypeConversionException(
          "'" + text + "' is not a principal such as namespace or api_key:key_…");
    }
    return new PrincipalRef(text.substring(0, colon), text.substring(colon + 1));
  }

  static String text(String type, String id) {
    return type + ":" + id;
  }

  /** One principal, its two parts given apart. */
  static final class Parts {
    @Option(
        names = "--principal-type",
        required = true,
        paramLabel = "TYPE",
        description = "namespace or api_key.")
    String type = "";

    @Option(
        names = "--principal-id",
        required = true,
        paramLabel = "ID",
        description = "The key's id; for the namespace its id or 'me'.")
    String id = "";

    PrincipalRef ref() {
      return new PrincipalRef(type, id);
    }

    Query addTo(Query query) {
      return query.add("principal_type", Optional.of(type)).add("principal_id", Optional.of(id));
    }
  }

  /** What to bind something new to. */
  static final class Binding {
    @Option(
        names = "--bind",
        paramLabel = "TYPE:ID",
        description = "Bind it at once: namespace, or api_key:ID.")
    Optional<PrincipalRef> bind = Optional.empty();
  }
}
