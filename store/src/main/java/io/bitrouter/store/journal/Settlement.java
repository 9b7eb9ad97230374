package io.bitrouter.store.journal;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.kernel.Money;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.JournalRecord;
import io.bitrouter.core.store.UsageJournal.Appended;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import io.bitrouter.store.journal.JournalScan.Unsettled;
import io.bitrouter.store.journal.RowSink.KeySums;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles what a process that died had under way: a request that was sent upstream gets a row at
 * the amount that was reserved for it, because somebody may bill for it; one that was only admitted
 * used nothing.
 */
final class Settlement {

  /** The code of a request that was under way when the node stopped. */
  static final String CODE = "node_restarted";

  private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);
  private static final int HTTP_UNAVAILABLE = 503;
  private static final int ROWS_PER_APPEND = 1_000;

  private record Key(NamespaceId namespace, KeyId id) {}

  private final FileJournal journal;
  private final RowSink sink;
  private final Map<Key, KeySums> sums = new HashMap<>();

  Settlement(FileJournal journal, RowSink sink) {
    this.journal = journal;
    this.sink = sink;
  }

  /**
   * Appends a settlement for each. The store must have taken in all of the journal before, because
   * a row's whole micro-USD follow from the sums so far.
   *
   * @throws IOException when the journal does not take them
   */
  void settle() throws IOException {
    List<JournalRecord> closes = new ArrayList<>();
    int unsent = 0;
    for (Unsettled each : journal.unsettled()) {
      if (each.dispatch().isEmpty()) {
        unsent++;
      } else if (!sink.holds(each.open().namespace(), each.open().requestId())) {
        closes.add(new JournalRecord.Close(row(each, each.dispatch().get())));
      }
    }
    if (closes.size() + unsent > 0) {
      LOG.warn(
          "the node stopped with {} requests under way: {} had been sent and are charged as"
              + " reserved until they are reconciled, {} had not",
          closes.size() + unsent,
          closes.size(),
          unsent);
    }
    for (int from = 0; from < closes.size(); from += ROWS_PER_APPEND) {
      int to = Math.min(closes.size(), from + ROWS_PER_APPEND);
      if (journal.append(closes.subList(from, to)) != Appended.YES) {
        throw new IOException("the journal does not take the settlement of interrupted requests");
      }
    }
  }

  private RequestRow row(Unsettled unsettled, JournalRecord.Dispatch dispatch) {
    JournalRecord.Open open = unsettled.open();
    return new RequestRow(
        open.requestId(),
        open.namespace(),
        open.key(),
        open.rootKey(),
        open.clientRequestId(),
        open.protocol(),
        Optional.of(dispatch.upstreamProtocol()),
        open.requestedModel(),
        Optional.of(dispatch.modelId()),
        Optional.of(dispatch.upstreamModel()),
        Optional.of(dispatch.providerId()),
        RequestStatus.FAILED,
        HTTP_UNAVAILABLE,
        Optional.of(CODE),
        Optional.empty(),
        Optional.empty(),
        open.streamed(),
        dispatch.attempt(),
        OptionalLong.empty(),
        0,
        0,
        MeasuredUsage.NONE,
        ChargeState.INDETERMINATE,
        unsettled.reservedNanoUsd(),
        wholeMicros(unsettled),
        dispatch.priceVersion(),
        open.decision(),
        1);
  }

  /**
   * What is missing from the key's rows to the whole micro-USD of its total. Settlements that died
   * with the process may have left a gap there, which this closes too.
   */
  private long wholeMicros(Unsettled unsettled) {
    Key key = new Key(unsettled.open().namespace(), unsettled.open().key());
    KeySums before = sums.computeIfAbsent(key, each -> sink.sums(each.namespace(), each.id()));
    long nano = Math.addExact(before.nanoUsd(), unsettled.reservedNanoUsd());
    long micro = Math.max(0, Money.wholeMicros(nano) - before.microUsd());
    sums.put(key, new KeySums(nano, before.microUsd() + micro));
    return micro;
  }
}
