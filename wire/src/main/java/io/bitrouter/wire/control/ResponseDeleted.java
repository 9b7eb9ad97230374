package io.bitrouter.wire.control;

/**
 * Answer of {@code DELETE /v1/responses/{response_id}}.
 *
 * @param id the response's id
 * @param object {@code response}
 * @param deleted always true
 */
@ControlBody
public record ResponseDeleted(String id, String object, boolean deleted) {}
