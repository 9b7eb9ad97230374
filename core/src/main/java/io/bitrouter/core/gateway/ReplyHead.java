package io.bitrouter.core.gateway;

import java.util.List;

/**
 * Status and headers of an answer. The edge adds framing, {@code Date} and {@code x-request-id}.
 */
public record ReplyHead(int status, String contentType, List<HeaderField> fields) {}
