package io.bitrouter.core.store;

import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.Binding;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.Principal;
import java.util.List;
import java.util.Map;

/**
 * All stored rules of one namespace.
 *
 * @param namespace whose
 * @param suspended whether an operator has stopped its inference
 * @param storesResponses whether it has answers stored
 * @param policies its policies
 * @param bindings their bindings
 * @param baselines lifetime spend in nano-USD from which totals count
 */
public record NamespaceRules(
    NamespaceId namespace,
    boolean suspended,
    boolean storesResponses,
    List<Policy> policies,
    List<Binding> bindings,
    Map<Principal, Long> baselines) {}
