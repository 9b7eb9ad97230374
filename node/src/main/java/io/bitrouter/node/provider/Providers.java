package io.bitrouter.node.provider;

import io.bitrouter.core.catalog.Catalog;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.ModelId;
import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.catalog.ProviderId;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.kernel.Secret;
import io.bitrouter.node.config.ApiBase;
import io.bitrouter.node.config.ConfigException;
import io.bitrouter.node.config.NodeConfig;
import io.bitrouter.node.config.NodeConfig.ModelSettings;
import io.bitrouter.node.config.NodeConfig.ProviderSettings;
import io.bitrouter.node.provider.KnownProvider.KnownModel;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a node can route to.
 *
 * @param catalog providers in order of preference: those of the file in its order, those that the
 *     environment alone names, the simulator
 * @param warnings what the operator should know at start, without secrets
 */
public record Providers(Catalog catalog, List<String> warnings) {

  /** The simulator's id. */
  public static final ProviderId SIMULATOR = new ProviderId("sim");

  private static final String CONFIGURED_PRICE = "configured";

  /** Half a dollar and a dollar per million tokens. */
  private static final Price SIMULATED_PRICE =
      new Price(500_000, 500_000, 500_000, 500_000, 1_000_000);

  /**
   * Whether {@link #from} will need a simulator: it is asked for, or nothing else is routable.
   *
   * @throws ConfigException as {@link #from}
   */
  public static boolean wantSimulator(NodeConfig config, Map<String, String> environment)
      throws ConfigException {
    return switch (config.simulator()) {
      case ON -> true;
      case OFF -> false;
      case AUTO -> from(config, environment, Optional.empty()).catalog().providers().isEmpty();
    };
  }

  /**
   * Derives the providers.
   *
   * @param environment holds the keys of known providers, see {@code docs/configuration.md}
   * @param simulator where the simulator listens, without a path; empty when it does not run
   * @throws ConfigException when a provider of the file lacks something that nothing else supplies,
   *     or a variable of the environment cannot be used
   */
  public static Providers from(
      NodeConfig config, Map<String, String> environment, Optional<URI> simulator)
      throws ConfigException {
    BundledCatalog bundled = BundledCatalog.load();
    Derivation derivation =
        new Derivation(bundled, new EnvironmentKeys(environment, config.server().listen()));
    for (ProviderSettings settings : config.providers()) {
      derivation.configured(settings);
    }
    for (KnownProvider known : bundled.providers()) {
      if (config.providers().stream().noneMatch(settings -> settings.id().equals(known.id()))) {
        derivation.environmentOnly(known);
      }
    }
    simulator.ifPresent(base -> derivation.providers.add(simulator(base)));
    if (!derivation.problems.isEmpty()) {
      throw new ConfigException(derivation.problems);
    }
    return new Providers(new Catalog(derivation.providers), List.copyOf(derivation.warnings));
  }

  private static Provider simulator(URI base) {
    List<Model> models = new ArrayList<>();
    for (String name : List.of("echo", "lorem")) {
      models.add(
          new Model(
              new ModelId(SIMULATOR, name),
              name,
              Optional.of(SIMULATED_PRICE),
              SIMULATOR.text(),
              OptionalLong.empty(),
              OptionalLong.empty()));
    }
    return new Provider(
        SIMULATOR,
        URI.create(base + "/v1"),
        Optional.empty(),
        new Provider.Auth.None(),
        Set.of(Protocol.values()),
        List.copyOf(models),
        Set.of(),
        List.of("x-bitrouter-sim"));
  }

  /** Collects providers, and everything wrong with them, in one pass. */
  private static final class Derivation {

    private final BundledCatalog bundled;
    private final EnvironmentKeys environment;
    private final List<Provider> providers = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    Derivation(BundledCatalog bundled, EnvironmentKeys environment) {
      this.bundled = bundled;
      this.environment = environment;
    }

    void configured(ProviderSettings settings) throws ConfigException {
      Optional<KnownProvider> known = bundled.provider(settings.id());
      Optional<URI> base = settings.apiBase();
      Optional<Secret> key = settings.apiKey();
      if (known.isPresent()) {
        base = base.isPresent() ? base : environmentBase(known.get());
        key = key.isPresent() ? key : environmentKey(settings, known.get());
      }
      Optional<Protocol> protocol =
          settings.protocol().or(() -> known.map(KnownProvider::protocol));
      Provider.Auth auth = auth(settings, known, key);
      if (known.isEmpty()) {
        needed(settings, "api_base", base.isPresent());
        needed(settings, "protocol", protocol.isPresent());
        needed(settings, "models", !settings.models().isEmpty());
      }
      if (key.isEmpty() && !(auth instanceof Provider.Auth.None)) {
        problem(
            settings,
            "api_key is missing; give it, "
                + known.map(k -> "set " + k.keyVariable() + ", ").orElse("")
                + "or say auth: none");
      }
      if (base.isPresent() && protocol.isPresent()) {
        add(
            new Provider(
                new ProviderId(settings.id()),
                base.get(),
                auth instanceof Provider.Auth.None ? Optional.empty() : key,
                auth,
                Set.of(protocol.get()),
                models(settings, known),
                settings.namespaces(),
                List.of()));
      }
    }

    void environmentOnly(KnownProvider known) throws ConfigException {
      warnOfOwnToken(known);
      Optional<Secret> key = environment.key(known);
      if (key.isEmpty()) {
        return;
      }
      Optional<URI> base = environmentBase(known);
      ProviderId id = new ProviderId(known.id());
      add(
          new Provider(
              id,
              base.orElse(known.apiBase()),
              key,
              known.auth(),
              Set.of(known.protocol()),
              known.models().stream().map(model -> listed(id, model)).toList(),
              Set.of(),
              List.of()));
    }

    private void add(Provider provider) {
      if (ApiBase.exposed(provider.base())) {
        warnings.add(
            "provider '"
                + provider.id()
                + "' is called over plain http: its key and every prompt can be read on the way;"
                + " use https unless that network is yours alone");
      }
      providers.add(provider);
    }

    private Optional<URI> environmentBase(KnownProvider known) throws ConfigException {
      if (environment.basePointsHere(known)) {
        warnings.add(
            known.baseVariable()
                + " points at this node and is not used for provider '"
                + known.id()
                + "'");
      }
      Optional<URI> base = environment.base(known);
      return base.isPresent() ? base : Optional.of(known.apiBase());
    }

    private Optional<Secret> environmentKey(ProviderSettings settings, KnownProvider known)
        throws ConfigException {
      if (settings.auth().filter(auth -> auth instanceof Provider.Auth.None).isPresent()) {
        return Optional.empty();
      }
      warnOfOwnToken(known);
      return environment.key(known);
    }

    private void warnOfOwnToken(KnownProvider known) {
      if (environment.holdsOwnToken(known)) {
        warnings.add(
            known.keyVariable()
                + " holds a token of this program, not a key of provider '"
                + known.id()
                + "', and is not used");
      }
    }

    private static Provider.Auth auth(
        ProviderSettings settings, Optional<KnownProvider> known, Optional<Secret> key) {
      return settings
          .auth()
          .or(() -> known.map(KnownProvider::auth))
          .orElse(key.isPresent() ? new Provider.Auth.Bearer() : new Provider.Auth.None());
    }

    private void needed(ProviderSettings settings, String key, boolean present) {
      if (!present) {
        String ids =
            String.join(", ", bundled.providers().stream().map(KnownProvider::id).toList());
        problem(
            settings, key + " is missing; only " + ids + " are known well enough to leave it out");
      }
    }

    private void problem(ProviderSettings settings, String text) {
      problems.add(settings.origin() + ": providers." + settings.id() + "." + text);
    }

    private List<Model> models(ProviderSettings settings, Optional<KnownProvider> known) {
      ProviderId id = new ProviderId(settings.id());
      if (settings.models().isEmpty()) {
        return known.stream().flatMap(k -> k.models().stream()).map(m -> listed(id, m)).toList();
      }
      return settings.models().stream().map(model -> model(id, model, known)).toList();
    }

    /** A model as the catalogue has it. */
    private Model listed(ProviderId id, KnownModel model) {
      return new Model(
          new ModelId(id, model.id()),
          model.id(),
          Optional.of(model.price()),
          bundled.version(),
          model.contextTokens(),
          model.maxOutputTokens());
    }

    /** A model as the file has it, over what the catalogue knows of the name it is sent by. */
    private Model model(ProviderId id, ModelSettings settings, Optional<KnownProvider> known) {
      String upstream = settings.upstreamModel().orElse(settings.id());
      Optional<KnownModel> base = known.flatMap(provider -> provider.model(upstream));
      Optional<Price> listPrice = base.map(KnownModel::price);
      String version =
          settings.price().isPresent()
              ? CONFIGURED_PRICE
              : listPrice.map(price -> bundled.version()).orElse("");
      return new Model(
          new ModelId(id, settings.id()),
          upstream,
          settings.price().or(() -> listPrice),
          version,
          known(settings.contextTokens(), base.map(KnownModel::contextTokens)),
          known(settings.maxOutputTokens(), base.map(KnownModel::maxOutputTokens)));
    }

    private static OptionalLong known(OptionalLong given, Optional<OptionalLong> listed) {
      return given.isPresent() ? given : listed.orElse(OptionalLong.empty());
    }
  }
}
