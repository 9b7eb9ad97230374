package io.bitrouter.node.config;

import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.kernel.Secret;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.node.config.NodeConfig.ModelSettings;
import io.bitrouter.node.config.NodeConfig.ProviderSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the {@code providers} section. */
final class ProviderBinder {

  /** The simulator's id, which no other provider can have. */
  private static final String SIMULATOR = "sim";

  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
  private static final String ID_RULE =
      "a provider's id is 1 to 63 characters, a-z, 0-9, '-' and '_', starting with a letter or"
          + " digit";
  private static final Pattern MODEL = Pattern.compile("[!-~&&[^\"\\\\]]{1,128}");
  private static final String MODEL_RULE =
      "a model's id is 1 to 128 visible ASCII characters without quotes and backslashes";
  private static final long MOST_TOKENS = 1_000_000_000L;

  /** Headers the node writes itself; a key in one of them would break the request. */
  private static final Set<String> OWN_HEADERS =
      Set.of(
          "accept",
          "connection",
          "content-length",
          "content-type",
          "host",
          "transfer-encoding",
          "upgrade");

  private final Path file;

  ProviderBinder(Path file) {
    this.file = file;
  }

  List<ProviderSettings> bind(Section providers) {
    List<ProviderSettings> all = new ArrayList<>();
    try (providers) {
      providers
          .sections("api_base, api_key, protocol, auth, models, namespaces")
          .forEach((id, section) -> all.add(provider(id, section)));
    }
    return List.copyOf(all);
  }

  private ProviderSettings provider(String id, Section section) {
    try (section) {
      if (!ID.matcher(id).matches()) {
        section.wrong(ID_RULE);
      } else if (id.equals(SIMULATOR)) {
        section.wrong("is the simulator's own name; it is switched by simulator.enabled");
      }
      Optional<URI> base = section.text("api_base").flatMap(text -> base(section, text));
      Optional<Secret> key = section.secret("api_key");
      Optional<Protocol> protocol = section.text("protocol").flatMap(t -> protocol(section, t));
      Optional<Provider.Auth> auth = section.text("auth").flatMap(text -> auth(section, text));
      if (auth.isPresent() && auth.get() instanceof Provider.Auth.None && section.has("api_key")) {
        section.wrong("auth", "is none, so api_key would never be sent; leave one of them out");
      }
      return new ProviderSettings(
          id,
          file + ":" + section.line(),
          base,
          key,
          protocol,
          auth,
          models(id, section),
          namespaces(section));
    }
  }

  private static Optional<URI> base(Section section, String text) {
    Optional<URI> base = ApiBase.parse(text);
    if (base.isEmpty()) {
      section.wrong("api_base", ApiBase.RULE);
    }
    return base;
  }

  private static Optional<Protocol> protocol(Section section, String text) {
    for (Protocol protocol : Protocol.values()) {
      if (protocol.text().equals(text)) {
        return Optional.of(protocol);
      }
    }
    boolean known = text.equals("responses") || text.equals("gemini");
    section.wrong(
        "protocol",
        (known ? "'" + text + "' is not supported; " : "")
            + "must be one of: chat (OpenAI Chat Completions), messages (Anthropic Messages)");
    return Optional.empty();
  }

  private static Optional<Provider.Auth> auth(Section section, String text) {
    if (text.equals("bearer")) {
      return Optional.of(new Provider.Auth.Bearer());
    }
    if (text.equals("none")) {
      return Optional.of(new Provider.Auth.None());
    }
    if (text.startsWith("header:")) {
      String name = text.substring("header:".length()).strip();
      if (Sendable.asHeaderName(name) && !OWN_HEADERS.contains(name)) {
        return Optional.of(new Provider.Auth.Header(name));
      }
    }
    section.wrong(
        "auth",
        "must be bearer, none, or header:NAME with a lower-case header name that the node does not"
            + " write itself, like header:x-api-key");
    return Optional.empty();
  }

  private List<ModelSettings> models(String provider, Section section) {
    List<ModelSettings> models = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    List<ConfigTree> items = section.list("models", "model ids");
    for (int i = 0; i < items.size(); i++) {
      ConfigTree item = items.get(i);
      String at = section.path() + ".models[" + i + "]";
      Optional<ModelSettings> model =
          item instanceof ConfigTree.Mapping mapping
              ? model(section.item(mapping, at))
              : section.item(item, at).map(found -> plain(found.text()));
      model.ifPresent(settings -> {
        String problem = problem(provider, settings.id(), seen.add(settings.id()));
        if (problem.isEmpty()) {
          models.add(settings);
        } else {
          section.wrongItem(item, at, problem);
        }
      });
    }
    return List.copyOf(models);
  }

  private static String problem(String provider, String id, boolean first) {
    if (!MODEL.matcher(id).matches()) {
      return MODEL_RULE;
    }
    if (id.startsWith(provider + "/") || id.startsWith(provider + ":")) {
      return "leave the provider's name out of the model's id";
    }
    return first ? "" : "is listed twice";
  }

  private static ModelSettings plain(String id) {
    return new ModelSettings(
        id, Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), Optional.empty());
  }

  private static Optional<ModelSettings> model(Section section) {
    try (section) {
      Optional<String> id = section.text("id");
      if (id.isEmpty() && !section.has("id")) {
        section.wrong("id", "is missing; it is the name clients use");
      }
      Optional<String> upstream = section.text("upstream_model");
      if (upstream.isPresent() && !MODEL.matcher(upstream.get()).matches()) {
        section.wrong("upstream_model", MODEL_RULE);
      }
      OptionalLong context = section.optionalInteger("context_tokens", 1, MOST_TOKENS);
      OptionalLong output = section.optionalInteger("max_output_tokens", 1, MOST_TOKENS);
      Optional<Price> price = price(section);
      return id.map(name -> new ModelSettings(name, upstream, context, output, price));
    }
  }

  /** A price; what it does not name costs as much as uncached input, never nothing. */
  private static Optional<Price> price(Section model) {
    boolean given = model.has("price");
    try (Section price = model.section("price")) {
      OptionalLong input = usd(price, "input");
      OptionalLong read = usd(price, "cache_read");
      OptionalLong write5m = usd(price, "cache_write_5m");
      OptionalLong write1h = usd(price, "cache_write_1h");
      OptionalLong output = usd(price, "output");
      if (!given) {
        return Optional.empty();
      }
      for (String key : List.of("input", "output")) {
        if (!price.has(key)) {
          price.wrong(key, "is missing; it " + UsdPerMillion.RULE);
        }
      }
      if (input.isEmpty() || output.isEmpty()) {
        return Optional.empty();
      }
      long uncached = input.getAsLong();
      return Optional.of(
          new Price(
              uncached,
              read.orElse(uncached),
              write5m.orElse(uncached),
              write1h.orElse(write5m.orElse(uncached)),
              output.getAsLong()));
    }
  }

  private static OptionalLong usd(Section price, String key) {
    Optional<String> text = price.text(key);
    OptionalLong parsed = text.map(UsdPerMillion::parse).orElse(OptionalLong.empty());
    if (text.isPresent() && parsed.isEmpty()) {
      price.wrong(key, UsdPerMillion.RULE);
    }
    return parsed;
  }

  private static Set<NamespaceId> namespaces(Section section) {
    Set<NamespaceId> all = new LinkedHashSet<>();
    List<ConfigTree> items = section.list("namespaces", "namespace ids");
    for (int i = 0; i < items.size(); i++) {
      ConfigTree item = items.get(i);
      String at = section.path() + ".namespaces[" + i + "]";
      section
          .item(item, at)
          .ifPresent(found -> {
            String text = found.text();
            if (text.startsWith(NamespaceId.PREFIX)
                && Ulid.parse(text.substring(NamespaceId.PREFIX.length())).isPresent()) {
              all.add(new NamespaceId(text));
            } else {
              section.wrongItem(
                  item, at, "must be a namespace's id, ns_ and 26 characters, not its name");
            }
          });
    }
    return Set.copyOf(all);
  }
}
