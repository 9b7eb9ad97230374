package io.bitrouter.wire.control;

import java.util.List;
import java.util.Optional;

/**
 * Answer of {@code GET /v1/models}: one shape that OpenAI's and Anthropic's clients both read.
 *
 * @param object always {@code list}
 * @param hasMore always false: the list is complete
 */
@ControlBody
public record ModelList(
    String object,
    List<ModelInfo> data,
    boolean hasMore,
    Optional<String> firstId,
    Optional<String> lastId) {}
