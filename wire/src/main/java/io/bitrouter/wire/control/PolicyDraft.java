package io.bitrouter.wire.control;

import java.util.Optional;

/**
 * Body of {@code POST ns/policies} and of {@code POST /v1/node/namespaces/{id}/policies}.
 *
 * @param bind what to bind it to at once; absent leaves it unbound, so without effect
 */
@ControlBody
public record PolicyDraft(String name, String kind, RawJson spec, Optional<PrincipalRef> bind) {}
