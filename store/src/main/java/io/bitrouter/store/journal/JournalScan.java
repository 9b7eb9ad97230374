package io.bitrouter.store.journal;

import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.store.JournalRecord;
import io.bitrouter.store.journal.SegmentReader.Found;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what an earlier process left: how far each segment is whole, and which requests were sent
 * upstream and never settled.
 *
 * <p>The last segment is cut at its first bad record: that is what a crash in the middle of a write
 * leaves. A bad record elsewhere means that the disk has changed what was written; the rest of that
 * segment cannot be trusted, which is said in the log with its size.
 */
final class JournalScan {

  /**
   * A request that nobody settled.
   *
   * @param open its admission
   * @param dispatch its last attempt, when it was sent
   * @param reservedNanoUsd what was reserved for it in the end
   */
  record Unsettled(
      JournalRecord.Open open, Optional<JournalRecord.Dispatch> dispatch, long reservedNanoUsd) {}

  private static final Logger LOG = LoggerFactory.getLogger(JournalScan.class);

  private final List<Segment> segments = new ArrayList<>();
  private final Map<Ulid, JournalRecord.Open> opened = new HashMap<>();
  private final Map<Ulid, JournalRecord.Dispatch> dispatched = new HashMap<>();
  private final Map<Ulid, Long> extended = new HashMap<>();
  private final Set<Ulid> unattributed = new HashSet<>();

  private JournalScan() {}

  /** Scans {@code folder} and repairs the tail. */
  static JournalScan of(Path folder) throws IOException {
    JournalScan scan = new JournalScan();
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files =
          listed
              .filter(path -> Segment.numberOf(path).isPresent())
              .sorted(Comparator.comparing(path -> Segment.numberOf(path).orElse(0L)))
              .toList();
    }
    for (Path file : files) {
      scan.read(file, file.equals(files.getLast()));
    }
    if (!scan.unattributed.isEmpty()) {
      LOG.error(
          "the journal holds {} requests that were sent but whose admission is lost; their usage is"
              + " not on the books",
          scan.unattributed.size());
    }
    return scan;
  }

  /** The segments, oldest first. */
  List<Segment> segments() {
    return segments;
  }

  /** What was never settled, oldest first. */
  List<Unsettled> unsettled() {
    return opened.values().stream()
        .sorted(Comparator.comparing(open -> open.requestId().ulid()))
        .map(this::unsettled)
        .toList();
  }

  private Unsettled unsettled(JournalRecord.Open open) {
    Ulid id = open.requestId().ulid();
    return new Unsettled(
        open,
        Optional.ofNullable(dispatched.get(id)),
        extended.getOrDefault(id, open.reservedNanoUsd()));
  }

  private void read(Path file, boolean last) throws IOException {
    long number = Segment.numberOf(file).orElseThrow();
    long size = Files.size(file);
    try (SegmentReader reader = new SegmentReader(file, Segment.HEADER)) {
      boolean known = Segment.isHeader(reader.header(), number);
      if (!known && size >= Segment.HEADER && last) {
        throw new IOException(file + " is not a journal of this version; move it away to go on");
      }
      long records = known ? records(reader, size) : 0;
      long whole = known ? reader.offset() : Math.min(size, Segment.HEADER);
      if (whole < size && last) {
        LOG.warn(
            "the journal ends within a record; {} bytes of {} are cut off", size - whole, file);
        cut(file, whole);
      } else if (whole < size) {
        LOG.error(
            "{} is damaged after {} records: {} bytes cannot be read and are skipped",
            file,
            records,
            size - whole);
      }
      segments.add(Segment.old(number, file, whole));
    }
  }

  private long records(SegmentReader reader, long size) throws IOException {
    long records = 0;
    while (reader.next(size) == Found.RECORD) {
      records++;
      take(reader);
    }
    return records;
  }

  private void take(SegmentReader reader) {
    Ulid id = RecordCodec.id(reader.bytes(), reader.from(), reader.end());
    switch (reader.type()) {
      case RecordCodec.CLOSE, RecordCodec.VOID -> {
        opened.remove(id);
        dispatched.remove(id);
        extended.remove(id);
        unattributed.remove(id);
      }
      default -> {
        JournalRecord read =
            RecordCodec.decode(reader.type(), reader.bytes(), reader.from(), reader.end());
        if (read instanceof JournalRecord.Open open) {
          opened.put(id, open);
        } else if (read instanceof JournalRecord.Extend extend) {
          extended.put(id, extend.reservedNanoUsd());
        } else if (read instanceof JournalRecord.Dispatch dispatch) {
          JournalRecord.@Nullable Open of = opened.get(id);
          if (of == null) {
            unattributed.add(id);
          } else {
            dispatched.put(id, dispatch);
          }
        }
      }
    }
  }

  private static void cut(Path file, long keep) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(keep);
      open.getFD().sync();
    }
  }
}
