package io.bitrouter.core.catalog;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A model that can be routed to.
 *
 * @param id canonical id
 * @param upstreamModel the name the provider knows it by
 * @param price its price, empty when none is known
 * @param priceVersion version of the table the price is from, empty when there is none
 * @param contextTokens most prompt tokens, when known
 * @param maxOutputTokens most generated tokens, when known; 0 of a model that only embeds
 * @param hiddenReasoning whether it is paid for thinking that its answers do not show
 * @param abilities what it can be given and asked for
 */
public record Model(
    ModelId id,
    String upstreamModel,
    Optional<Price> price,
    String priceVersion,
    OptionalLong contextTokens,
    OptionalLong maxOutputTokens,
    boolean hiddenReasoning,
    Abilities abilities) {

  /** Version of a price that was set because the model has none of its own. */
  public static final String CEILING = "ceiling";

  /** Whether it makes vectors of texts and generates nothing. */
  public boolean onlyEmbeds() {
    return maxOutputTokens.equals(OptionalLong.of(0));
  }

  /** The same at the price of the dearest model of the node. */
  public Model at(Price dearest) {
    return new Model(
        id,
        upstreamModel,
        Optional.of(dearest),
        CEILING,
        contextTokens,
        maxOutputTokens,
        hiddenReasoning,
        abilities);
  }
}
