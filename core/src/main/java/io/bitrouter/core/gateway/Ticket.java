package io.bitrouter.core.gateway;

import io.bitrouter.core.admission.Reservation;
import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import java.util.Optional;

/**
 * What an authenticated request owes the books: exactly one row, whichever way it ends. Belongs to
 * the request's own thread. Closing it unsettled books a failure of the node, so that no exit path
 * can be forgotten; what had been sent by then is charged at the most it can have used, because
 * somebody may bill for it.
 */
final class Ticket implements AutoCloseable {

  /** Status in the row of a client that left before an answer, as nginx logs it. */
  static final int CLIENT_CLOSED_REQUEST = 499;

  private final RequestBooks books;
  private final RequestDraft draft;
  private final Ticker ticker;
  private final long startedNanos;

  private long waitedNanos;
  private Optional<Reservation> reservation = Optional.empty();
  private Optional<Unseen> unseen = Optional.empty();
  private boolean opened;
  private boolean settled;

  /** What an attempt may have used that failed before the client saw any of its answer. */
  private record Unseen(Target target, MeasuredUsage usage) {}

  Ticket(RequestBooks books, RequestDraft draft, Ticker ticker, long startedNanos) {
    this.books = books;
    this.draft = draft;
    this.ticker = ticker;
    this.startedNanos = startedNanos;
  }

  RequestDraft draft() {
    return draft;
  }

  /** Nanoseconds from the decoded head to now, less the time spent waiting for others. */
  long overheadNanos() {
    return ticker.nanos() - startedNanos - waitedNanos;
  }

  /** Notes when the first content went out, in {@code Ticker.nanos()}. */
  void firstContent(long nanos) {
    draft.firstContent(nanos - startedNanos);
  }

  /** Adds time spent waiting for the client or the upstream, nanoseconds. */
  void waited(long nanos) {
    waitedNanos += nanos;
  }

  /** Takes over what the request holds of its namespace's limits; settling gives it back. */
  void admitted(Reservation held) {
    reservation = Optional.of(held);
  }

  /** What the request holds, once it was let in. */
  Optional<Reservation> reservation() {
    return reservation;
  }

  /**
   * Writes the journal's opening, with what the request holds; where no budget applies, with the
   * most it may cost.
   *
   * @return false when the journal does not take it, and then nothing may be sent
   */
  boolean open(Target target) {
    opened = books.open(draft.open(reserved(target)), draft.dispatch(target));
    return opened;
  }

  private long reserved(Target target) {
    long held = reservation.map(Reservation::nanoUsd).orElse(0L);
    return held > 0 ? held : charge(target, UsageBound.atMost(draft.decision(), target.model()));
  }

  /** Whether it has been opened: something may have been sent. */
  boolean opened() {
    return opened;
  }

  /** Writes that the request goes to another target; false as {@link #open}. */
  boolean goesOn(Target target) {
    return books.dispatch(draft.dispatch(target), reserved(target));
  }

  /** Writes what the request holds by now. */
  void holdsAnew() {
    reservation.ifPresent(held -> books.extend(draft.requestId(), held.nanoUsd()));
  }

  /** Settles a request refused before anything was sent upstream. */
  void denied(Refusal refusal) {
    settle(RequestStatus.DENIED, refusal.status(), Optional.of(refusal), MeasuredUsage.NONE);
  }

  /**
   * Notes what an attempt may have used that failed before the client saw any of its answer. It is
   * charged if nobody answers.
   */
  void usedAtMost(MeasuredUsage usage) {
    unseen = draft.target().map(target -> new Unseen(target, usage));
  }

  /**
   * Settles a request that nobody answered, with what the last attempt of those that may have used
   * something used at most; the row then names where that was.
   */
  void unanswered(RequestStatus status, int httpStatus, Optional<Refusal> refusal) {
    unseen.ifPresent(last -> draft.charged(last.target()));
    settle(status, httpStatus, refusal, unseen.map(Unseen::usage).orElse(MeasuredUsage.NONE));
  }

  /** Settles a request that failed upstream after using something. */
  void failed(int httpStatus, Refusal refusal, MeasuredUsage usage) {
    settle(RequestStatus.FAILED, httpStatus, Optional.of(refusal), usage);
  }

  /** Settles an answer that was ended because a budget has nothing left. */
  void cut(Refusal refusal, MeasuredUsage usage) {
    draft.finished(Optional.of("length"));
    settle(RequestStatus.SUCCEEDED, 200, Optional.of(refusal), usage);
  }

  /** Settles a request whose client left. */
  void cancelled(int httpStatus, MeasuredUsage usage) {
    settle(RequestStatus.CANCELLED, httpStatus, Optional.empty(), usage);
  }

  /**
   * Settles an answered request.
   *
   * @return the row, for the cost header
   */
  RequestRow succeeded(int httpStatus, MeasuredUsage usage) {
    return settle(RequestStatus.SUCCEEDED, httpStatus, Optional.empty(), usage);
  }

  private RequestRow settle(
      RequestStatus status, int httpStatus, Optional<Refusal> refusal, MeasuredUsage said) {
    if (settled) {
      throw new IllegalStateException("settled twice");
    }
    MeasuredUsage usage = draft.free() ? MeasuredUsage.NONE : said;
    Optional<Target> charged = draft.charged();
    long nanos = charged.map(target -> charge(target, usage.tokens())).orElse(0L);
    boolean priced = charged.flatMap(target -> target.model().price()).isPresent();
    settled = true;
    long now = ticker.nanos();
    RequestRow row =
        draft.toRow(
            new RequestDraft.Ending(
                status,
                httpStatus,
                refusal,
                usage,
                chargeState(usage.origin(), priced),
                nanos,
                micros(nanos, usage.tokens()),
                now - startedNanos,
                overheadNanos()));
    books.close(row);
    return row;
  }

  @Override
  public void close() {
    if (!settled) {
      Refusal refusal = Refusal.of(RefusalCode.INTERNAL_ERROR, "the node failed");
      failed(refusal.status(), refusal, mayHaveUsed());
    }
  }

  private MeasuredUsage mayHaveUsed() {
    return draft
        .target()
        .filter(unused -> opened)
        .map(target -> UsageBound.unread(draft.decision(), target.model()))
        .orElse(MeasuredUsage.NONE);
  }

  private long micros(long nanos, TokenUsage usage) {
    return reservation
        .map(held -> held.settle(nanos, usage.promptTokens() + usage.completionTokens()))
        .orElse(0L);
  }

  private long charge(Target target, TokenUsage usage) {
    return draft.free()
        ? 0
        : target.model().price().map((Price price) -> price.costNanos(usage)).orElse(0L);
  }

  private static ChargeState chargeState(UsageOrigin origin, boolean priced) {
    if (!priced) {
      return ChargeState.NOT_CHARGED;
    }
    return switch (origin) {
      case REPORTED -> ChargeState.COMPUTED;
      case ESTIMATED -> ChargeState.ESTIMATED;
      case NONE -> ChargeState.NOT_CHARGED;
    };
  }
}
