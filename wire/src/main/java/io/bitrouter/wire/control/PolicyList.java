package io.bitrouter.wire.control;

import java.util.List;

/**
 * Answer of {@code GET ns/policies} and of {@code GET ns/principals/{type}/{id}/policies}.
 *
 * @param data policies, oldest first
 */
@ControlBody
public record PolicyList(List<PolicyInfo> data) {}
