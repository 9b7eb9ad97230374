package io.bitrouter.core.gateway;

import io.bitrouter.core.kernel.RequestId;
import java.util.function.UnaryOperator;

/**
 * On whose behalf a request is sent to a provider that may serve other namespaces too.
 *
 * @param request the request's id
 * @param memory what earlier answers to the namespace left to be sent again
 * @param pseudonym turns a name that the client chose, of a user or a cache, into one that no other
 *     namespace can choose; the same for the same name
 */
public record OnBehalf(RequestId request, SignatureVault memory, UnaryOperator<String> pseudonym) {}
