package io.bitrouter.core.admission;

import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.policy.EffectivePolicy;

/**
 * A request that asks to be let in.
 *
 * @param key who makes it; its spend counts for the key, every key above it and the namespace
 * @param policy what applies to it
 * @param startedAtMicros when it started; its spend counts then
 * @param declaredTokens output tokens it declares, over all choices, 0 when it declares none
 * @param need what it may cost
 * @param showAmounts whether refusals may tell amounts of policies bound elsewhere than to the key
 */
public record AdmissionRequest(
    KeyRecord key,
    EffectivePolicy policy,
    long startedAtMicros,
    long declaredTokens,
    Need need,
    boolean showAmounts) {}
