package io.bitrouter.store.row;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.namespace.NamespaceId;

/**
 * The part of a row that stands in columns of its own.
 *
 * @param requestId the request
 * @param namespace whose it is
 * @param key who made it
 * @param rootKey first key of the lineage
 * @param status see {@link Codes}
 * @param repeats how many equal denials the row stands for
 * @param promptTokens sum of the input buckets
 * @param completionTokens output and reasoning
 * @param nanoUsd cost in nano-USD
 * @param microUsd increment of the key's whole micro-USD
 */
public record StoredRow(
    RequestId requestId,
    NamespaceId namespace,
    KeyId key,
    KeyId rootKey,
    int status,
    long repeats,
    long promptTokens,
    long completionTokens,
    long nanoUsd,
    long microUsd) {}
