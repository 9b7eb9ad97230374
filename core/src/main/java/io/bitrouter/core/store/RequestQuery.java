package io.bitrouter.core.store;

import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestStatus;
import java.util.Optional;

/**
 * A page of request rows, newest first.
 *
 * @param limit most rows, 1 to 100
 * @param offset rows passed over, 0 with a cursor
 * @param after the row that the page begins after, given by the page before
 * @param fromMicros requests that started at or after
 * @param toMicros and before
 * @param filter which of them
 * @param status how they ended
 * @param code their refusal code
 * @param chargeState how sure their charge is
 * @param clientRequestId the client's own id
 */
public record RequestQuery(
    int limit,
    long offset,
    Optional<RequestId> after,
    long fromMicros,
    long toMicros,
    UsageQuery.Filter filter,
    Optional<RequestStatus> status,
    Optional<String> code,
    Optional<ChargeState> chargeState,
    Optional<String> clientRequestId) {

  /** The newest rows of all. */
  public static RequestQuery newest(int limit, long offset) {
    return new RequestQuery(
        limit,
        offset,
        Optional.empty(),
        0,
        Long.MAX_VALUE,
        UsageQuery.Filter.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
