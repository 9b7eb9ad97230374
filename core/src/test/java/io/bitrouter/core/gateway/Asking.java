package io.bitrouter.core.gateway;

import io.bitrouter.core.catalog.Abilities;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.ModelId;
import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.catalog.ProviderId;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Elsewhere;
import io.bitrouter.core.exchange.Protocol;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Requests and models for the tests of what requests need. */
final class Asking {

  /** $2 and $10 per million tokens, $2.50 and $4 for what is written to a cache. */
  static final Price PRICE = new Price(2_000_000, 200_000, 2_500_000, 4_000_000, 10_000_000);

  private Asking() {}

  static Model model(String name, Optional<Price> price, OptionalLong maxOutput, boolean hidden) {
    return new Model(
        new ModelId(new ProviderId("p"), name),
        name,
        price,
        "1",
        OptionalLong.of(200_000),
        maxOutput,
        hidden,
        Abilities.UNKNOWN);
  }

  static Target target(Model model) {
    return new Target(provider(List.of(model)), model, Protocol.CHAT);
  }

  static Provider provider(List<Model> models) {
    return new Provider(
        new ProviderId("p"),
        URI.create("http://127.0.0.1:1"),
        Optional.empty(),
        new Provider.Auth.None(),
        List.of(Protocol.CHAT),
        models,
        new Reach.Everything(),
        List.of());
  }

  static AskedRequest text(long bytes, OptionalLong declared, boolean streamed) {
    return new AskedRequest(
        "m",
        streamed,
        declared,
        1,
        bytes,
        Set.of("text"),
        List.of(),
        0,
        0,
        false,
        Elsewhere.NOTHING,
        List.of(),
        List.of());
  }
}
