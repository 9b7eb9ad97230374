package io.bitrouter.wire.control;

/**
 * Body of {@code POST ns/requests/{request_id}/reconcile}: ends an indeterminate charge. The answer
 * is the {@link RequestRow}.
 *
 * @param chargeMicroUsd what the request truly cost, in millionths of a US dollar
 */
@ControlBody
public record ReconcileRequest(long chargeMicroUsd) {}
