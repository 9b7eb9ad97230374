package io.bitrouter.core.gateway;

import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.store.JournalRecord;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import java.util.Optional;
import java.util.OptionalLong;

/** A request row in the making. Belongs to the request's own thread. */
final class RequestDraft {

  private static final int LONGEST_CLIENT_ID = 128;
  private static final long NANOS_A_MILLI = 1_000_000L;

  private final RequestId requestId;
  private final KeyRecord key;
  private final Protocol protocol;
  private final Optional<String> clientRequestId;

  private String requestedModel = "";
  private boolean streamed;
  private boolean free;
  private Optional<Target> target = Optional.empty();
  private Optional<Target> charged = Optional.empty();
  private int attempts;
  private RequestRow.Decision decision = RequestRow.Decision.NONE;
  private OptionalLong ttftMillis = OptionalLong.empty();
  private Optional<String> finishReason = Optional.empty();

  RequestDraft(ClientExchange client, KeyRecord key, Protocol protocol) {
    this.requestId = client.requestId();
    this.key = key;
    this.protocol = protocol;
    this.clientRequestId = clientId(client.headers());
  }

  RequestId requestId() {
    return requestId;
  }

  Optional<Target> target() {
    return target;
  }

  int attempts() {
    return attempts;
  }

  RequestRow.Decision decision() {
    return decision;
  }

  /** Whether it costs nothing, whatever becomes of it. */
  boolean free() {
    return free;
  }

  void decoded(DecodedRequest request) {
    AskedRequest asked = request.asked();
    requestedModel = asked.model();
    streamed = asked.streamed();
    free = request.free();
    decision =
        new RequestRow.Decision(
            asked.inputBytes(), asked.declaredOutput(), asked.choices(), request.toolsSha256());
  }

  /** Where what is charged was used; the row names it. */
  Optional<Target> charged() {
    return charged;
  }

  /** Notes that what is charged was not used by the last attempt. */
  void charged(Target by) {
    charged = Optional.of(by);
  }

  /** Notes where the next attempt goes. */
  void routed(Target to) {
    target = Optional.of(to);
    charged = target;
    attempts++;
  }

  /** Notes that a connection failed and the attempt was made again, so many times. */
  void repeated(int times) {
    attempts += times;
  }

  void firstContent(long nanosSinceStart) {
    ttftMillis = OptionalLong.of(nanosSinceStart / NANOS_A_MILLI);
  }

  void finished(Optional<String> reason) {
    finishReason = reason;
  }

  JournalRecord.Open open(long reservedNanos) {
    return new JournalRecord.Open(
        requestId,
        key.namespace(),
        key.id(),
        key.root(),
        clientRequestId,
        protocol.text(),
        requestedModel,
        streamed,
        reservedNanos,
        decision);
  }

  JournalRecord.Dispatch dispatch(Target target) {
    return new JournalRecord.Dispatch(
        requestId,
        attempts,
        target.provider().id().text(),
        target.model().id().toString(),
        target.model().upstreamModel(),
        target.protocol().text(),
        target.model().priceVersion());
  }

  /**
   * How a request ended.
   *
   * @param status how
   * @param httpStatus what the client got
   * @param refusal why, when it was refused or failed
   * @param usage what it used
   * @param chargeState how sure the charge is
   * @param nanoUsd the charge
   * @param microUsd its whole micro-USD
   * @param totalNanos time from head to settle
   * @param overheadNanos the part of it spent in the node
   */
  record Ending(
      RequestStatus status,
      int httpStatus,
      Optional<Refusal> refusal,
      MeasuredUsage usage,
      ChargeState chargeState,
      long nanoUsd,
      long microUsd,
      long totalNanos,
      long overheadNanos) {}

  RequestRow toRow(Ending ending) {
    return new RequestRow(
        requestId,
        key.namespace(),
        key.id(),
        key.root(),
        clientRequestId,
        protocol.text(),
        charged.map(to -> to.protocol().text()),
        requestedModel,
        charged.map(to -> to.model().id().toString()),
        charged.map(to -> to.model().upstreamModel()),
        charged.map(to -> to.provider().id().text()),
        ending.status(),
        ending.httpStatus(),
        ending.refusal().map(refusal -> refusal.code().text()),
        ending.refusal().flatMap(Refusal::policy),
        finishReason,
        streamed,
        attempts,
        ttftMillis,
        ending.totalNanos() / NANOS_A_MILLI,
        Math.max(0, ending.overheadNanos() / 1_000),
        ending.usage(),
        ending.chargeState(),
        ending.nanoUsd(),
        ending.microUsd(),
        charged.map(to -> to.model().priceVersion()).orElse(""),
        decision,
        1);
  }

  /** The client's own id, if it is short and printable; anything else is not worth keeping. */
  private static Optional<String> clientId(HeaderFields headers) {
    return headers
        .first("x-client-request-id")
        .or(() -> headers.first("x-request-id"))
        .filter(id -> !id.isEmpty() && id.length() <= LONGEST_CLIENT_ID)
        .filter(id -> id.chars().allMatch(c -> c > ' ' && c < 127));
  }
}
