package io.bitrouter.store.journal;

import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.store.journal.FileJournal.Extent;
import io.bitrouter.store.journal.SegmentReader.Found;
import io.bitrouter.store.row.EncodedRow;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the journal, takes the rows out of it and knows which segments are done with. Not
 * thread-safe.
 */
final class JournalTail implements Closeable {

  /** Rows, and the place after the last record that was read for them. */
  record Batch(List<EncodedRow> rows, JournalPosition reached) {}

  private static final class Opened {
    private final long segment;
    private boolean dispatched;
    private long dispatchedIn;
    private long extendedIn;

    Opened(long segment) {
      this.segment = segment;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(JournalTail.class);

  private final FileJournal journal;

  /** Requests of this process that are under way. */
  private final Map<Ulid, Opened> live = new HashMap<>();

  /** How many records of theirs that a start would need are in each segment. */
  private final Map<Long, Integer> liveIn = new HashMap<>();

  /** Segments that revoke a dispatch of an earlier one, and so must not go before it. */
  private final Set<Long> revoking = new HashSet<>();

  private JournalPosition at;
  private @Nullable SegmentReader reader;
  private long readerOf;

  /** Follows {@code journal} from {@code from} on. */
  JournalTail(FileJournal journal, JournalPosition from) {
    this.journal = journal;
    this.at = from;
  }

  /** Up to where everything has been read. */
  JournalPosition position() {
    return at;
  }

  /** Reads on until there are {@code most} rows or nothing more. */
  Batch read(int most) throws IOException {
    JournalPosition before = at;
    boolean done = false;
    try {
      Batch batch = batch(most);
      done = true;
      return batch;
    } finally {
      if (!done) {
        at = before;
        closeReader();
      }
    }
  }

  private Batch batch(int most) throws IOException {
    List<EncodedRow> rows = new ArrayList<>();
    for (Extent extent : journal.extents()) {
      if (extent.number() < at.segment()) {
        continue;
      }
      if (extent.number() > at.segment()) {
        at = new JournalPosition(extent.number(), Math.min(extent.readable(), Segment.HEADER));
      }
      if (at.offset() < extent.readable()) {
        read(extent, rows, most);
      }
      if (rows.size() == most) {
        break;
      }
    }
    return new Batch(rows, at);
  }

  private void read(Extent extent, List<EncodedRow> rows, int most) throws IOException {
    SegmentReader from = readerOf(extent);
    while (rows.size() < most) {
      Found found = from.next(extent.readable());
      if (found == Found.RECORD) {
        take(from, extent.number(), rows);
        continue;
      }
      if (found == Found.BAD) {
        LOG.error(
            "{} is damaged at byte {}: {} bytes cannot be read and are skipped",
            extent.path(),
            from.offset(),
            extent.readable() - from.offset());
        closeReader();
        at = new JournalPosition(extent.number(), extent.readable());
        return;
      }
      break;
    }
    at = new JournalPosition(extent.number(), from.offset());
  }

  private SegmentReader readerOf(Extent extent) throws IOException {
    @Nullable SegmentReader open = reader;
    if (open == null || readerOf != extent.number() || open.offset() != at.offset()) {
      closeReader();
      open = new SegmentReader(extent.path(), Math.max(at.offset(), Segment.HEADER));
      reader = open;
      readerOf = extent.number();
    }
    return open;
  }

  private void take(SegmentReader from, long segment, List<EncodedRow> rows) {
    switch (from.type()) {
      case RecordCodec.CLOSE -> {
        EncodedRow row = EncodedRow.read(from.bytes(), from.from(), from.end());
        rows.add(row);
        settled(row.id());
      }
      case RecordCodec.OPEN -> {
        if (segment >= journal.firstOwn()) {
          if (live.put(id(from), new Opened(segment)) == null) {
            hold(segment);
          }
        }
      }
      case RecordCodec.DISPATCH -> {
        @Nullable Opened opened = live.get(id(from));
        if (opened != null) {
          opened.dispatched = true;
          release(opened.dispatchedIn);
          opened.dispatchedIn = hold(segment);
        }
      }
      case RecordCodec.EXTEND -> {
        @Nullable Opened opened = live.get(id(from));
        if (opened != null) {
          release(opened.extendedIn);
          opened.extendedIn = hold(segment);
        }
      }
      case RecordCodec.VOID -> {
        @Nullable Opened opened = settled(id(from));
        if (opened != null && opened.dispatched && opened.segment != segment) {
          revoking.add(segment);
        }
      }
      default -> LOG.error("a journal record of type {} is not known; it is skipped", from.type());
    }
  }

  private static Ulid id(SegmentReader from) {
    return RecordCodec.id(from.bytes(), from.from(), from.end());
  }

  private @Nullable Opened settled(Ulid id) {
    @Nullable Opened opened = live.remove(id);
    if (opened != null) {
      release(opened.segment);
      release(opened.dispatchedIn);
      release(opened.extendedIn);
    }
    return opened;
  }

  private long hold(long segment) {
    liveIn.merge(segment, 1, Integer::sum);
    return segment;
  }

  /** The other way; 0 is no segment. */
  private void release(long segment) {
    liveIn.computeIfPresent(segment, (of, count) -> count - 1);
  }

  /**
   * Removes the segments that nothing needs any more. To be called when the rows of all that has
   * been read are in the store.
   */
  void removeDone() throws IOException {
    boolean first = true;
    for (Extent extent : journal.extents()) {
      if (extent.number() >= at.segment()) {
        return;
      }
      boolean needed = liveIn.getOrDefault(extent.number(), 0) > 0;
      if (!needed && (first || !revoking.contains(extent.number()))) {
        if (readerOf == extent.number()) {
          closeReader();
        }
        liveIn.remove(extent.number());
        revoking.remove(extent.number());
        journal.remove(extent);
      } else {
        first = false;
      }
    }
  }

  /** Requests of this process that have been admitted and not settled. */
  int liveCount() {
    return live.size();
  }

  private void closeReader() throws IOException {
    @Nullable SegmentReader open = reader;
    reader = null;
    readerOf = 0;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() throws IOException {
    closeReader();
  }
}
