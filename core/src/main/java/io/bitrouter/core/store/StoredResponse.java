package io.bitrouter.core.store;

import io.bitrouter.core.credential.KeyId;

/**
 * A response that a namespace has stored.
 *
 * @param id the id that clients know it by
 * @param key the key that it answered
 * @param createdAtMicros microseconds since the epoch
 * @param expiresAtMicros until when it is stored
 * @param sealed its content, which only the node can open and only for the namespace
 */
public record StoredResponse(
    String id, KeyId key, long createdAtMicros, long expiresAtMicros, byte[] sealed) {}
