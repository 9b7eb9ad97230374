package io.bitrouter.core.gateway;

import io.bitrouter.core.admission.DenialFold;
import io.bitrouter.core.admission.KeyTotals;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.store.JournalRecord;
import io.bitrouter.core.store.UsageJournal;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import java.util.List;

/** Where tickets write what requests did. Thread-safe. */
public final class RequestBooks {

  private final UsageJournal journal;
  private final KeyTotals totals;
  private final DenialFold denials;
  private final Ticker ticker;

  /** With the journal, the running totals and the fold for floods of denials. */
  public RequestBooks(UsageJournal journal, KeyTotals totals, DenialFold denials, Ticker ticker) {
    this.journal = journal;
    this.totals = totals;
    this.denials = denials;
    this.ticker = ticker;
  }

  /** Writes that a request is about to be sent; false when the journal does not take it. */
  boolean open(JournalRecord.Open open, JournalRecord.Dispatch dispatch) {
    return journal.append(List.of(open, dispatch)) == UsageJournal.Appended.YES;
  }

  /** Books a charge on its key and returns the row's whole micro-USD. */
  long book(RequestDraft draft, long nanoUsd) {
    return totals.book(draft.namespace(), draft.key(), nanoUsd);
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

  private void write(List<RequestRow> rows) {
    if (!rows.isEmpty()) {
      journal.append(rows.stream().<JournalRecord>map(JournalRecord.Close::new).toList());
    }
  }
}
