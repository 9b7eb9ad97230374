package io.bitrouter.node.provider;

import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.exchange.Protocol;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A provider of the bundled catalogue.
 *
 * @param id its name
 * @param apiBase where its API starts
 * @param protocol what it speaks
 * @param auth how a key is sent
 * @param keyVariable environment variable that its own clients read the key from
 * @param baseVariable environment variable that its own clients read another base from
 * @param models what it serves, in order of preference, every alias a model of its own
 */
record KnownProvider(
    String id,
    URI apiBase,
    Protocol protocol,
    Provider.Auth auth,
    String keyVariable,
    String baseVariable,
    List<KnownModel> models) {

  /** The model of this id. */
  Optional<KnownModel> model(String name) {
    return models.stream().filter(model -> model.id().equals(name)).findFirst();
  }

  /**
   * A model with its limits and list price.
   *
   * @param id the provider's name for it
   * @param contextTokens most prompt tokens
   * @param maxOutputTokens most generated tokens
   * @param price its list price
   */
  record KnownModel(
      String id, OptionalLong contextTokens, OptionalLong maxOutputTokens, Price price) {}
}
