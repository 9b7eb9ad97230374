package io.bitrouter.node.provider;

import io.bitrouter.core.catalog.Abilities;
import io.bitrouter.core.catalog.Catalog;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.ModelId;
import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.catalog.ProviderId;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.kernel.Secret;
import io.bitrouter.node.config.ConfigException;
import io.bitrouter.node.config.ListenAddress;
import io.bitrouter.node.config.NodeConfig;
import io.bitrouter.node.config.ProviderSettings;
import io.bitrouter.node.config.ProviderSettings.ModelSettings;
import io.bitrouter.node.provider.BundledCatalog.KnownProvider;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

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

  /** Half a dollar and a dollar per million tokens. */
  private static final Price SIMULATED_PRICE =
      new Price(500_000, 500_000, 500_000, 500_000, 1_000_000);

  /**
   * Derives the providers of file and environment; there is no simulator among them yet.
   *
   * @param environment holds the keys of known providers, see {@code docs/configuration.md}
   * @throws ConfigException when a provider of the file lacks something that nothing else supplies,
   *     or a variable of the environment cannot be used
   */
  public static Providers from(NodeConfig config, Map<String, String> environment)
      throws ConfigException {
    Derivation derivation = new Derivation(environment, config.server().listen());
    for (ProviderSettings settings : config.providers()) {
      derivation.add(settings);
    }
    for (KnownProvider known : derivation.bundled.providers()) {
      String id = known.id().text();
      if (config.providers().stream().noneMatch(settings -> settings.id().equals(id))
          && derivation.environment.key(known).isPresent()) {
        derivation.add(ProviderSettings.of(id));
      }
    }
    if (!derivation.problems.isEmpty()) {
      throw new ConfigException(derivation.problems);
    }
    return new Providers(new Catalog(derivation.providers), List.copyOf(derivation.warnings));
  }

  /** Whether a simulator is needed: it is asked for, or nothing else is routable. */
  public boolean wantSimulator(NodeConfig config) {
    return switch (config.simulator()) {
      case TRUE -> true;
      case FALSE -> false;
      case AUTO -> catalog.providers().isEmpty();
    };
  }

  /** These and the simulator that listens at {@code base}, which has no path. */
  public Providers withSimulator(URI base) {
    List<Provider> all = new ArrayList<>(catalog.providers());
    all.add(simulator(base));
    return new Providers(new Catalog(all), warnings);
  }

  private static Provider simulator(URI base) {
    OptionalLong unlimited = OptionalLong.empty();
    List<Model> models = new ArrayList<>();
    for (String name : List.of("echo", "lorem")) {
      var id = new ModelId(SIMULATOR, name);
      var price = Optional.of(SIMULATED_PRICE);
      models.add(
          new Model(
              id, name, price, SIMULATOR.text(), unlimited, unlimited, false, Abilities.UNKNOWN));
    }
    return new Provider(
        SIMULATOR,
        URI.create(base + "/v1"),
        Optional.empty(),
        new Provider.Auth.None(),
        List.of(Protocol.values()),
        models,
        new Reach.Everything(),
        List.of("x-bitrouter-sim"));
  }

  /** Collects providers, and everything wrong with them, in one pass. */
  private static final class Derivation {

    private final BundledCatalog bundled = BundledCatalog.load();
    private final List<Provider> providers = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final EnvironmentKeys environment;

    Derivation(Map<String, String> environment, ListenAddress listen) {
      this.environment = new EnvironmentKeys(environment, listen, warnings);
    }

    void add(ProviderSettings settings) throws ConfigException {
      Optional<KnownProvider> known = bundled.provider(settings.id());
      Optional<URI> base = settings.apiBase();
      Optional<Secret> key = settings.apiKey();
      if (known.isPresent()) {
        base = Optional.of(base.isPresent() ? base.get() : environment.base(known.get()));
        key = key.isPresent() || settings.keyless() ? key : environment.key(known.get());
      }
      Optional<Protocol> protocol =
          settings.protocol().or(() -> known.map(KnownProvider::protocol));
      Provider.Auth unsaid =
          key.isPresent() ? new Provider.Auth.Bearer() : new Provider.Auth.None();
      Provider.Auth auth = settings.auth().or(() -> known.map(KnownProvider::auth)).orElse(unsaid);
      List<Model> models = models(settings, known);
      needed(settings, "api_base", base.isPresent());
      needed(settings, "protocol", protocol.isPresent());
      needed(settings, "models", !models.isEmpty());
      if (key.isEmpty() && !(auth instanceof Provider.Auth.None)) {
        String variable = known.map(found -> "set " + found.keyVariable() + ", ").orElse("");
        problem(settings, "api_key is missing; give it, " + variable + "or say auth: none");
      }
      if (base.isPresent() && protocol.isPresent()) {
        warnOfPlainHttp(settings.id(), base.get());
        providers.add(
            new Provider(
                new ProviderId(settings.id()),
                base.get(),
                key,
                auth,
                protocols(settings, known, base.get(), protocol.get()),
                models,
                settings.namespaces(),
                List.of()));
      }
    }

    /** All that a known provider speaks at its own base; elsewhere what is said alone. */
    private static List<Protocol> protocols(
        ProviderSettings settings, Optional<KnownProvider> known, URI base, Protocol first) {
      return settings.protocol().isEmpty()
          ? known
              .filter(provider -> provider.base().equals(base))
              .map(KnownProvider::protocols)
              .orElse(List.of(first))
          : List.of(first);
    }

    private void warnOfPlainHttp(String id, URI base) {
      if ("http".equalsIgnoreCase(base.getScheme())
          && !new ListenAddress(base.getHost(), 0).loopback()) {
        warnings.add(
            ("provider '%s' is called over plain http: its key and every prompt can be read on the"
                    + " way; use https unless that network is yours alone")
                .formatted(id));
      }
    }

    private void needed(ProviderSettings settings, String key, boolean present) {
      if (!present) {
        List<String> ids = bundled.providers().stream().map(found -> found.id().text()).toList();
        problem(
            settings,
            "%s is missing; only %s are known well enough to leave it out"
                .formatted(key, String.join(", ", ids)));
      }
    }

    private void problem(ProviderSettings settings, String text) {
      problems.add(settings.origin() + ": providers." + settings.id() + "." + text);
    }

    private List<Model> models(ProviderSettings settings, Optional<KnownProvider> known) {
      return settings.models().isEmpty()
          ? known.map(KnownProvider::models).orElse(List.of())
          : settings.models().stream().map(model -> model(settings.id(), model, known)).toList();
    }

    /** A model as the file has it, over what the catalogue knows of the name it is sent by. */
    private static Model model(
        String provider, ModelSettings settings, Optional<KnownProvider> known) {
      String upstream = settings.upstreamModel().orElse(settings.id());
      Optional<Model> listed = known.flatMap(found -> found.model(upstream));
      String version = listed.map(Model::priceVersion).orElse("");
      return new Model(
          new ModelId(new ProviderId(provider), settings.id()),
          upstream,
          settings.price().or(() -> listed.flatMap(Model::price)),
          settings.price().isPresent() ? "configured" : version,
          known(settings.contextTokens(), listed.map(Model::contextTokens)),
          known(settings.maxOutputTokens(), listed.map(Model::maxOutputTokens)),
          listed.filter(Model::hiddenReasoning).isPresent(),
          abilities(settings, listed.map(Model::abilities).orElse(Abilities.UNKNOWN)));
    }

    private static Abilities abilities(ModelSettings settings, Abilities listed) {
      List<String> inputs = settings.inputModalities();
      return new Abilities(
          inputs.isEmpty() ? listed.input() : inputs,
          settings.structuredOutput().or(listed::schemas));
    }

    private static OptionalLong known(OptionalLong given, Optional<OptionalLong> listed) {
      return given.isPresent() ? given : listed.orElse(OptionalLong.empty());
    }
  }
}
