package io.bitrouter.core.catalog;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.namespace.NamespaceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The providers of a node and what each namespace may route to. Immutable. */
public final class Catalog {

  private final List<Provider> providers;
  private final Map<String, List<Offer>> offersByName;
  private final Optional<Price> dearest;

  private record Offer(Provider provider, Model model) {
    Target inProtocol(Protocol wanted) {
      boolean spoken = provider.protocols().contains(wanted);
      return new Target(provider, model, spoken ? wanted : provider.protocols().getFirst());
    }
  }

  /** A catalogue of {@code providers}; for a bare model name the first that serves it wins. */
  public Catalog(List<Provider> providers) {
    this.providers = List.copyOf(providers);
    Map<String, List<Offer>> byName = new HashMap<>();
    for (Provider provider : providers) {
      for (Model model : provider.models()) {
        Offer offer = new Offer(provider, model);
        String bare = model.id().model();
        for (String name : List.of(model.id().toString(), provider.id() + ":" + bare, bare)) {
          byName.computeIfAbsent(name, unused -> new ArrayList<>(1)).add(offer);
        }
      }
    }
    this.offersByName = byName;
    this.dearest =
        providers.stream()
            .flatMap(provider -> provider.models().stream())
            .flatMap(model -> model.price().stream())
            .max(Comparator.comparingLong(Price::output).thenComparingLong(Price::uncachedInput));
  }

  /** Every provider, in order of preference. */
  public List<Provider> providers() {
    return providers;
  }

  /** The models that {@code namespace} may use, in order of preference. */
  public List<Model> models(NamespaceId namespace) {
    return providers.stream()
        .filter(provider -> provider.serves(namespace))
        .flatMap(provider -> provider.models().stream())
        .toList();
  }

  /** The model that {@code name} means to {@code namespace}. */
  public Optional<Model> model(String name, NamespaceId namespace) {
    return offers(name, namespace).stream().findFirst().map(Offer::model);
  }

  /**
   * Where a request for {@code name} can go, in order of preference, at least one place: {@code
   * provider/model}, {@code provider:model} or a bare model name. A provider is spoken to in {@code
   * protocol} if it can, otherwise in the first that it speaks.
   */
  public Outcome<List<Target>> candidates(String name, Protocol protocol, NamespaceId namespace) {
    List<Offer> offers = offers(name, namespace);
    if (offers.isEmpty()) {
      return Outcome.refused(unknown(name, namespace));
    }
    return Outcome.done(offers.stream().map(offer -> offer.inProtocol(protocol)).toList());
  }

  /** Everything that {@code namespace} can reach, in order of preference. */
  public List<Target> reachable(NamespaceId namespace) {
    return providers.stream()
        .filter(provider -> provider.serves(namespace))
        .flatMap(provider ->
            provider.models().stream()
                .map(model -> new Target(provider, model, provider.protocols().getFirst())))
        .toList();
  }

  /** The dearest price of any model by what it takes for its output; empty when none has one. */
  public Optional<Price> dearestPrice() {
    return dearest;
  }

  private List<Offer> offers(String name, NamespaceId namespace) {
    return offersByName.getOrDefault(name, List.of()).stream()
        .filter(offer -> offer.provider().serves(namespace))
        .toList();
  }

  private Refusal unknown(String name, NamespaceId namespace) {
    String shown = shorten(name);
    Refusal refusal =
        Refusal.of(RefusalCode.MODEL_NOT_FOUND, "no model named '" + shown + "' is routable here")
            .withParam("model");
    Optional<String> near = NearestName.of(name, namesFor(namespace));
    return refusal.withHint(
        near.map(other -> "did you mean '" + other + "'? ").orElse("")
            + "GET /v1/models lists what is routable; to add a model, set the provider's key"
            + " (OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY) or name it under providers.<id>.models in"
            + " bitrouter.yaml and restart");
  }

  private List<String> namesFor(NamespaceId namespace) {
    return models(namespace).stream().map(model -> model.id().toString()).toList();
  }

  private static String shorten(String name) {
    return name.length() <= 128 ? name : name.substring(0, 128) + "…";
  }
}
