package io.bitrouter.core.catalog;

import io.bitrouter.core.exchange.Protocol;

/**
 * Where one attempt goes.
 *
 * @param provider the account
 * @param model the model there
 * @param protocol what to speak
 */
public record Target(Provider provider, Model model, Protocol protocol) {}
