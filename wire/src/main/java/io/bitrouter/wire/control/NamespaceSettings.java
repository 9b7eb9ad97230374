package io.bitrouter.wire.control;

/**
 * Body and answer of {@code …/settings}.
 *
 * @param storeResponses whether answers of {@code /v1/responses} are stored for those who do not
 *     say otherwise
 */
@ControlBody
public record NamespaceSettings(boolean storeResponses) {}
