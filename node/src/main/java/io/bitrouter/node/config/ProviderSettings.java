package io.bitrouter.node.config;

import io.bitrouter.core.catalog.Abilities;
import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.catalog.Provider.Auth;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.kernel.Secret;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.NamespaceId;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the file says of one provider; what it leaves out comes from the bundled catalogue or the
 * environment, if the id is known there.
 *
 * @param origin file and line, for messages
 * @param models empty when the file does not say
 * @param namespaces who may use it; everybody when the file names nobody
 */
public record ProviderSettings(
    String id,
    String origin,
    Optional<URI> apiBase,
    Optional<Secret> apiKey,
    Optional<Protocol> protocol,
    Optional<Auth> auth,
    List<ModelSettings> models,
    Reach namespaces) {

  /**
   * What the file says of one model.
   *
   * @param id without the provider's name
   * @param inputModalities empty when the file does not say
   */
  public record ModelSettings(
      String id,
      Optional<String> upstreamModel,
      OptionalLong contextTokens,
      OptionalLong maxOutputTokens,
      List<String> inputModalities,
      Optional<Boolean> structuredOutput,
      Optional<Price> price) {}

  private static final Kind<Auth> AUTH =
      new Kind<>(
          "must be bearer, none, or header:NAME with a lower-case header name that the node does"
              + " not write itself, like header:x-api-key",
          ProviderSettings::auth);
  private static final Kind<String> MODEL =
      new Kind<>(
          "a model's id is 1 to 128 visible ASCII characters without quotes and backslashes",
          text -> Optional.of(text).filter(id -> id.matches("[!-~&&[^\"\\\\]]{1,128}")));
  private static final Kind<OptionalLong> TOKENS = Kind.whole(1, 1_000_000_000, OptionalLong::of);
  private static final Kind<OptionalLong> OUTPUT = Kind.whole(0, 1_000_000_000, OptionalLong::of);
  private static final Kind<String> INPUT =
      new Kind<>(
          "must be one of: " + String.join(", ", Abilities.INPUTS),
          text -> Optional.of(text).filter(Abilities.INPUTS::contains));
  private static final Kind<Boolean> FLAG =
      new Kind<>(
          "must be true or false",
          text -> Optional.of(text).filter(word -> word.matches("true|false")).map("true"::equals));
  private static final Kind<NamespaceId> NAMESPACE =
      new Kind<>(
          "must be a namespace's id, ns_ and 26 characters, not its name",
          text ->
              Optional.of(text)
                  .filter(id -> id.startsWith(NamespaceId.PREFIX))
                  .flatMap(id -> Ulid.parse(id.substring(NamespaceId.PREFIX.length())))
                  .map(NamespaceId::of));

  /** Whether the file says that the provider gets no key. */
  public boolean keyless() {
    return auth.filter(how -> how instanceof Auth.None).isPresent();
  }

  /** A provider of which nothing is said but its name. */
  public static ProviderSettings of(String id) {
    return provider(id, Setting.root(new Reading(Path.of("environment"), Map.of())));
  }

  static List<ProviderSettings> of(Setting providers) {
    List<ProviderSettings> all = new ArrayList<>();
    providers.all().forEach((id, setting) -> all.add(setting.bind(found -> provider(id, found))));
    return List.copyOf(all);
  }

  private static ProviderSettings provider(String id, Setting provider) {
    if (!id.matches("[a-z0-9][a-z0-9_-]{0,62}")) {
      provider.wrong(
          "a provider's id is 1 to 63 characters, a-z, 0-9, '-' and '_', starting with a letter or"
              + " digit");
    } else if (id.equals("sim")) {
      provider.wrong("is the simulator's own name; it is switched by simulator.enabled");
    }
    var settings =
        new ProviderSettings(
            id,
            provider.reading().file() + ":" + provider.line(),
            provider.at("api_base").as(Kind.API_BASE),
            provider.at("api_key").as(Kind.PROVIDER_KEY),
            provider.at("protocol").as(Kind.oneOf(Protocol.class)),
            provider.at("auth").as(AUTH),
            models(id, provider.at("models")),
            reach(provider.at("namespaces").list("namespace ids", item -> item.as(NAMESPACE))));
    if (settings.keyless() && settings.apiKey().isPresent()) {
      provider.at("auth").wrong("is none, so api_key would never be sent; leave one of them out");
    }
    return settings;
  }

  private static Optional<Auth> auth(String text) {
    // The node writes these itself; a key in one of them would break the request.
    String own = "accept|connection|content-length|content-type|host|transfer-encoding|upgrade";
    return switch (text) {
      case "bearer" -> Optional.of(new Auth.Bearer());
      case "none" -> Optional.of(new Auth.None());
      default ->
          Optional.of(text)
              .filter(t -> t.matches("header:(?!(?:" + own + ")$)[a-z0-9_-]+"))
              .map(t -> new Auth.Header(t.substring("header:".length())));
    };
  }

  private static List<ModelSettings> models(String provider, Setting models) {
    Set<String> seen = new HashSet<>();
    return models.list(
        "model ids",
        item -> {
          Optional<ModelSettings> model =
              item.holdsKeys()
                  ? item.bind(m -> model(m, m.at("id").required(MODEL, "clients name it by this")))
                  : model(item, item.as(MODEL));
          String id = model.map(ModelSettings::id).orElse("");
          if (id.startsWith(provider + "/") || id.startsWith(provider + ":")) {
            item.wrong("leave the provider's name out of the model's id");
          } else if (model.isPresent() && !seen.add(id)) {
            item.wrong("is listed twice");
          }
          return model;
        });
  }

  private static Optional<ModelSettings> model(Setting model, Optional<String> id) {
    Optional<String> upstream = model.at("upstream_model").as(MODEL);
    OptionalLong context = model.get("context_tokens", TOKENS, OptionalLong.empty());
    OptionalLong output = model.get("max_output_tokens", OUTPUT, OptionalLong.empty());
    List<String> inputs =
        model.at("input_modalities").list("kinds of input", item -> item.as(INPUT));
    Optional<Boolean> schemas = model.at("structured_output").as(FLAG);
    Setting rates = model.at("price");
    Optional<Price> price =
        rates.absent() ? Optional.empty() : Optional.of(rates.bind(ProviderSettings::price));
    return id.map(
        name -> new ModelSettings(name, upstream, context, output, inputs, schemas, price));
  }

  /** A price; what it does not name costs as much as uncached input, never nothing. */
  private static Price price(Setting price) {
    String rule = "it " + Kind.USD_PER_MILLION.rule();
    long input = price.at("input").required(Kind.USD_PER_MILLION, rule).orElse(0L);
    long read = price.get("cache_read", Kind.USD_PER_MILLION, input);
    long write5m = price.get("cache_write_5m", Kind.USD_PER_MILLION, input);
    long write1h = price.get("cache_write_1h", Kind.USD_PER_MILLION, write5m);
    long output = price.at("output").required(Kind.USD_PER_MILLION, rule).orElse(0L);
    return new Price(input, read, write5m, write1h, output);
  }

  /** An empty list in the file is an error, so that an empty one here is no list. */
  private static Reach reach(List<NamespaceId> named) {
    return named.isEmpty() ? new Reach.Everything() : new Reach.Only(Set.copyOf(named));
  }
}
