package io.bitrouter.wire.control;

import java.util.List;

/**
 * Answer of {@code GET /v1/namespaces/{nsid}/requests}.
 *
 * @param data rows, newest first
 * @param limit effective page size, 1 to 100
 */
@ControlBody
public record RequestPage(List<RequestRow> data, long limit, long offset) {}
