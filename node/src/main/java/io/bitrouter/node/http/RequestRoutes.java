package io.bitrouter.node.http;

import io.bitrouter.core.control.ReconcileService;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.RequestQuery;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import io.bitrouter.wire.control.Usage.ReconcileRequest;
import io.bitrouter.wire.control.Usage.RequestPage;
import io.bitrouter.wire.control.Usage.SettlementReceipt;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Rows of requests, how they were charged, and how an open charge is ended. */
record RequestRoutes(ControlStore store, ReconcileService reconciling) {

  private static final String NO_SUCH_REQUEST = "no such request";
  private static final long LARGEST_OFFSET = 1_000_000_000L;

  Outcome<Object> list(ControlRequest request) {
    return request
        .limit()
        .then(limit ->
            request
                .number("offset", 0)
                .map(offset -> Math.min(offset, LARGEST_OFFSET))
                .then(offset -> query(request, limit, offset)))
        .map(query -> {
          List<RequestRow> rows = store.open(request.key().grant()).requests(query);
          Optional<String> next =
              rows.size() == query.limit()
                  ? Optional.of(rows.getLast().requestId().toString())
                  : Optional.empty();
          return new RequestPage(
              rows.stream().map(Bodies::row).toList(), query.limit(), query.offset(), next);
        });
  }

  private static Outcome<RequestQuery> query(ControlRequest request, int limit, long offset) {
    if (request.exchange().query("cursor").isPresent()
        && request.exchange().query("offset").isPresent()) {
      return ControlRequest.invalid("cursor", "cursor and offset exclude each other; give one");
    }
    return request
        .cursor()
        .then(after ->
            request
                .time("from", Instant.EPOCH)
                .then(from ->
                    request
                        .time("to", Instant.MAX)
                        .then(to ->
                            word(request, "status", RequestStatus.values(), RequestStatus::text)
                                .then(status ->
                                    word(
                                            request,
                                            "charge_state",
                                            ChargeState.values(),
                                            ChargeState::text)
                                        .map(state ->
                                            new RequestQuery(
                                                limit,
                                                offset,
                                                after,
                                                Bodies.micros(from),
                                                to.equals(Instant.MAX)
                                                    ? Long.MAX_VALUE
                                                    : Bodies.micros(to),
                                                UsageRoutes.filter(request),
                                                status,
                                                request.exchange().query("code"),
                                                state,
                                                request.exchange().query("client_request_id")))))));
  }

  private static <E> Outcome<Optional<E>> word(
      ControlRequest request, String name, E[] all, Function<E, String> text) {
    Optional<String> given = request.exchange().query(name);
    Optional<E> meant =
        given.flatMap(
            word -> Arrays.stream(all).filter(one -> text.apply(one).equals(word)).findFirst());
    return given.isPresent() && meant.isEmpty()
        ? ControlRequest.invalid(
            name,
            name
                + " must be one of "
                + Arrays.stream(all).map(text).collect(Collectors.joining(", ")))
        : Outcome.done(meant);
  }

  Outcome<Object> reconcile(ControlRequest request) {
    return request
        .body(ReconcileRequest.class)
        .then(body ->
            Outcome.found(RequestId.parse(request.param("request_id")), NO_SUCH_REQUEST)
                .then(id ->
                    reconciling.reconcile(
                        request.key(), id, body.chargeMicroUsd(), request.asked())))
        .map(Bodies::row);
  }

  /** What a request was charged, for the key that made it and no other. */
  Outcome<Object> settlement(ControlRequest request) {
    Caller.Key caller = request.key();
    Optional<RequestRow> own =
        RequestId.parse(request.param("request_id"))
            .flatMap(id -> store.open(caller.grant()).request(id))
            .filter(row -> row.key().equals(caller.key().id()));
    return Outcome.found(own, NO_SUCH_REQUEST).map(RequestRoutes::receipt);
  }

  private static SettlementReceipt receipt(RequestRow row) {
    String state = state(row);
    TokenUsage tokens = row.usage().tokens();
    return new SettlementReceipt(
        row.requestId().toString(),
        state,
        row.modelId(),
        row.providerId(),
        new SettlementReceipt.Tokens(
            tokens.uncachedInput(),
            tokens.cacheRead(),
            tokens.cacheWrite5m() + tokens.cacheWrite1h(),
            tokens.output(),
            tokens.reasoning()),
        state.equals("computed")
            ? Optional.of(Math.max(0, row.finalChargeMicroUsd()))
            : Optional.empty());
  }

  private static String state(RequestRow row) {
    if (row.status() == RequestStatus.PENDING || row.status() == RequestStatus.STREAMING) {
      return "pending";
    }
    return switch (row.chargeState()) {
      case COMPUTED, ESTIMATED -> "computed";
      case INDETERMINATE -> "unknown";
      case NOT_CHARGED -> "not_charged";
    };
  }
}
