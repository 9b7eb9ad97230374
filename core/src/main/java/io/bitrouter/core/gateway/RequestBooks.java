package io.bitrouter.core.gateway;

import io.bitrouter.core.admission.DenialFold;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.store.JournalRecord;
import io.bitrouter.core.store.UsageJournal;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Where tickets write what requests did. Thread-safe. */
public final class RequestBooks {

  private final UsageJournal journal;
  private final DenialFold denials;
  private final Ticker ticker;
  private final AtomicLong refusedRows = new AtomicLong();

  /** With the journal and the fold for floods of denials. */
  public RequestBooks(UsageJournal journal, DenialFold denials, Ticker ticker) {
    this.journal = journal;
    this.denials = denials;
    this.ticker = ticker;
  }

  /** Writes that a request is about to be sent; false when the journal does not take it. */
  boolean open(JournalRecord.Open open, JournalRecord.Dispatch dispatch) {
    return journal.append(List.of(open, dispatch)) == UsageJournal.Appended.YES;
  }

  /**
   * Writes that a request is about to be sent elsewhere, and what it holds or may cost there; false
   * when the journal does not take it.
   */
  boolean dispatch(JournalRecord.Dispatch dispatch, long reservedNanoUsd) {
    JournalRecord holds = new JournalRecord.Extend(dispatch.requestId(), reservedNanoUsd);
    return journal.append(List.of(dispatch, holds)) == UsageJournal.Appended.YES;
  }

  /** Writes that a request holds more than it was opened with. */
  void extend(RequestId requestId, long reservedNanoUsd) {
    journal.append(List.of(new JournalRecord.Extend(requestId, reservedNanoUsd)));
  }

  /** Writes a settled row; denials may be folded. */
  void close(RequestRow row) {
    if (row.status() == RequestStatus.DENIED) {
      write(denials.take(row, ticker.epochMicros()));
    } else {
      write(List.of(row));
    }
  }

  /** Writes folded denials whose second is over; called every second and at the end. */
  public void writeFolded() {
    write(denials.drain(ticker.epochMicros()));
  }

  /**
   * Rows that the journal did not take since the start. Those of requests that had been sent are
   * {@code indeterminate} from the next start on; the others are lost.
   */
  public long refusedRows() {
    return refusedRows.get();
  }

  private void write(List<RequestRow> rows) {
    List<JournalRecord> closes =
        rows.stream().<JournalRecord>map(JournalRecord.Close::new).toList();
    if (!closes.isEmpty() && journal.append(closes) != UsageJournal.Appended.YES) {
      refusedRows.addAndGet(closes.size());
    }
  }
}
