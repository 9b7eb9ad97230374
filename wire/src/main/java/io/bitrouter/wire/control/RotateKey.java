package io.bitrouter.wire.control;

import java.util.Optional;

/**
 * Body of {@code POST ns/keys/{id}/rotate}. The answer is a {@link MintedKey} with the same id.
 *
 * @param overlapSecs how long the old token goes on working, in seconds, 0 to 2592000; absent means
 *     3600
 */
@ControlBody
public record RotateKey(Optional<Long> overlapSecs) {}
