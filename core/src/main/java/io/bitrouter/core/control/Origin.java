package io.bitrouter.core.control;

import io.bitrouter.core.kernel.RequestId;

/**
 * Where a change comes from, for its audit row.
 *
 * @param requestId the request that asks for it
 * @param ip address of the client, empty for the node itself
 */
public record Origin(RequestId requestId, String ip) {}
