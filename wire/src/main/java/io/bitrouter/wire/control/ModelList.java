package io.bitrouter.wire.control;

import java.util.List;
import java.util.Optional;

/**
 * Answer of {@code GET /v1/models}: one shape that OpenAI's and Anthropic's clients both read.
 *
 * @param object always {@code list}
 * @param data routable models
 * @param hasMore always false: the list is complete
 * @param firstId id of the first model; absent when there is none
 * @param lastId id of the last model; absent when there is none
 */
@ControlBody
public record ModelList(
    String object,
    List<ModelInfo> data,
    boolean hasMore,
    Optional<String> firstId,
    Optional<String> lastId) {
  /** Checks that the required members are there. */
  public ModelList {
    Required.member("object", object);
    data = Required.list("data", data);
  }
}
