package io.bitrouter.wire.control;

import java.util.List;
import java.util.Optional;

/**
 * Answer of {@code GET /v1/namespaces/{nsid}/requests}.
 *
 * @param data rows, newest first
 * @param limit effective page size, 1 to 100
 * @param nextCursor for the next page; absent on the last
 */
@ControlBody
public record RequestPage(
    List<RequestRow> data, long limit, long offset, Optional<String> nextCursor) {}
