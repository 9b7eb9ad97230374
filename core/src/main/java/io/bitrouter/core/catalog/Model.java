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
 * @param maxOutputTokens most generated tokens, when known
 */
public record Model(
    ModelId id,
    String upstreamModel,
    Optional<Price> price,
    String priceVersion,
    OptionalLong contextTokens,
    OptionalLong maxOutputTokens) {}
