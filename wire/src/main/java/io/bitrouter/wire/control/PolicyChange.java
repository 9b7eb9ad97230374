package io.bitrouter.wire.control;

import java.util.Optional;

/**
 * Body of {@code PUT ns/policies/{id}}; an absent member stays as it is, the kind always does.
 *
 * @param spec replaces the whole spec
 */
@ControlBody
public record PolicyChange(Optional<String> name, Optional<RawJson> spec) {}
