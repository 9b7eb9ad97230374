package io.bitrouter.wire.control;

import java.util.List;

/**
 * Answer of {@code GET /v1/node/credentials}.
 *
 * @param data all of them, revoked ones too
 */
@ControlBody
public record OperatorList(List<OperatorInfo> data) {}
