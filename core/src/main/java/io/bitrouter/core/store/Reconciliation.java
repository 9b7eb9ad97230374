package io.bitrouter.core.store;

import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.usage.ChargeState;

/**
 * How an indeterminate request is ended.
 *
 * @param request which
 * @param nanoUsd what it is charged now
 * @param microDelta what its whole micro-USD change by, so that rows add up to usage
 * @param state how sure that is
 */
public record Reconciliation(RequestId request, long nanoUsd, long microDelta, ChargeState state) {}
