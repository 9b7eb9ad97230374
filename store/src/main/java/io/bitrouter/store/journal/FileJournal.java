package io.bitrouter.store.journal;

import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.store.JournalRecord;
import io.bitrouter.core.store.UsageJournal;
import io.bitrouter.store.journal.JournalScan.Unsettled;
import io.bitrouter.store.row.ByteWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The usage journal in segment files. An append is one write under a short lock; one thread forces
 * written bytes to the disk, for many appends at once. Every start begins a new segment.
 * Thread-safe.
 *
 * <p>After an error the journal takes nothing new until a fresh segment can be written; the thread
 * tries that five times a second, and a settlement tries at once.
 */
public final class FileJournal implements UsageJournal, AutoCloseable {

  /** A segment as a reader may read it now. */
  record Extent(long number, Path path, long readable) {}

  private static final Logger LOG = LoggerFactory.getLogger(FileJournal.class);

  /** More than one admission takes. */
  private static final long ROOM = 4_096;

  private static final long RETRY_NANOS = Duration.ofMillis(200).toNanos();
  private static final long DURABLE_WAIT_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long CLOSE_WAIT_MILLIS = 10_000;

  private final Path folder;
  private final JournalSettings settings;
  private final Ticker ticker;
  private final List<Unsettled> unsettled;
  private final long firstOwn;
  private final Thread syncer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition durable = lock.newCondition();
  private final Condition grown = lock.newCondition();

  private final TreeMap<Long, Segment> segments = new TreeMap<>();
  private final List<Segment> retired = new ArrayList<>();
  private @Nullable Segment current;
  private long nextNumber;
  private long appended;
  private long synced;
  private long lostFrom;
  private long lostTo;
  private long retryAt;
  private boolean syncerWaits;
  private boolean fullTold;
  private volatile boolean broken;
  private volatile boolean closing;
  private final AtomicLong bytes = new AtomicLong();

  private FileJournal(
      Path folder, JournalSettings settings, JournalScan scan, long after, Ticker ticker)
      throws IOException {
    this.folder = folder;
    this.settings = settings;
    this.ticker = ticker;
    this.unsettled = scan.unsettled();
    long last = after;
    for (Segment segment : scan.segments()) {
      segments.put(segment.number(), segment);
      bytes.addAndGet(segment.length());
      last = Math.max(last, segment.number());
    }
    this.firstOwn = last + 1;
    this.nextNumber = firstOwn;
    startSegment();
    this.syncer =
        Thread.ofPlatform().daemon().name("journal-sync").unstarted(this::syncUntilClosed);
  }

  /**
   * Opens the journal in {@code folder}, which is made when it does not exist.
   *
   * @param after number below which no new segment may be, from the position in the store
   * @throws IOException when it cannot be read or written
   */
  public static FileJournal open(Path folder, JournalSettings settings, long after, Ticker ticker)
      throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    FileJournal journal = new FileJournal(folder, settings, JournalScan.of(folder), after, ticker);
    journal.syncer.start();
    return journal;
  }

  @Override
  public Appended append(List<JournalRecord> records) {
    if (records.isEmpty()) {
      return Appended.YES;
    }
    ByteWriter encoded = RecordCodec.encode(records);
    boolean admits = admits(records);
    lock.lock();
    try {
      if (!written(encoded, admits)) {
        return Appended.UNAVAILABLE;
      }
      if (syncerWaits) {
        work.signal();
      }
      if (settings.syncAlways() && waitsForDisk(records)) {
        return awaitDurable(appended);
      }
      grown.signalAll();
      return Appended.YES;
    } finally {
      lock.unlock();
    }
  }

  /** Extensions are written by event loops while answers flow, and those wait for no disk. */
  static boolean waitsForDisk(List<JournalRecord> records) {
    return !records.stream().allMatch(JournalRecord.Extend.class::isInstance);
  }

  private static boolean admits(List<JournalRecord> records) {
    for (JournalRecord each : records) {
      if (each instanceof JournalRecord.Open || each instanceof JournalRecord.Dispatch) {
        return true;
      }
    }
    return false;
  }

  private boolean written(ByteWriter encoded, boolean admits) {
    if (closing || admits && (broken || full(encoded.length()))) {
      return false;
    }
    for (int attempt = 0; attempt < 2; attempt++) {
      if (broken && !restarted(attempt == 0)) {
        return false;
      }
      try {
        write(encoded);
        return true;
      } catch (IOException e) {
        spoil(e);
        if (admits) {
          return false;
        }
      }
    }
    return false;
  }

  private boolean full(int more) {
    boolean full = bytes.get() + more > settings.maxBytes();
    if (full && !fullTold) {
      LOG.error(
          "the journal has reached journal.max_bytes = {}; requests are refused until the store has"
              + " caught up",
          settings.maxBytes());
    } else if (!full && fullTold) {
      LOG.info("the journal takes requests again");
    }
    fullTold = full;
    return full;
  }

  private void write(ByteWriter encoded) throws IOException {
    @Nullable Segment segment = current;
    if (segment == null || segment.length() >= settings.segmentBytes()) {
      startSegment();
      segment = current;
    }
    if (segment == null) {
      throw new IOException("no segment is open");
    }
    segment.write(encoded.array(), encoded.length());
    bytes.addAndGet(encoded.length());
    appended += encoded.length();
  }

  /** Opens the next segment; the one before is synced and closed by the thread. */
  private void startSegment() throws IOException {
    Segment next = Segment.create(folder, nextNumber);
    nextNumber++;
    if (current != null) {
      retired.add(current);
    }
    current = next;
    segments.put(next.number(), next);
    bytes.addAndGet(next.length());
  }

  /** After a failed write: cuts off what may be half a record and gives the segment up. */
  private void spoil(IOException cause) {
    if (!broken) {
      LOG.error("the journal cannot be written: {}; requests are refused", cause.toString());
    }
    broken = true;
    retryAt = ticker.nanos() + RETRY_NANOS;
    @Nullable Segment segment = current;
    if (segment != null) {
      try {
        segment.cut(segment.length());
      } catch (IOException e) {
        LOG.error("{} may end with half a record: {}", segment.path(), e.toString());
      }
      retired.add(segment);
      current = null;
    }
    work.signal();
  }

  private boolean restarted(boolean now) {
    if (!now && ticker.nanos() - retryAt < 0) {
      return false;
    }
    try {
      startSegment();
      broken = false;
      LOG.info("the journal is written again");
      return true;
    } catch (IOException e) {
      nextNumber++;
      retryAt = ticker.nanos() + RETRY_NANOS;
      return false;
    }
  }

  private Appended awaitDurable(long mine) {
    boolean interrupted = false;
    long left = DURABLE_WAIT_NANOS;
    try {
      while (synced < mine) {
        if (left <= 0) {
          return Appended.UNAVAILABLE;
        }
        try {
          left = durable.awaitNanos(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return mine > lostFrom && mine <= lostTo ? Appended.UNAVAILABLE : Appended.YES;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void syncUntilClosed() {
    while (true) {
      lock.lock();
      try {
        if (!awaitWork()) {
          return;
        }
      } finally {
        lock.unlock();
      }
      if (!settings.syncAlways() && !closing) {
        pause();
      }
      sync();
    }
  }

  /** Waits for something to sync, and while broken for a chance to go on; false at the end. */
  private boolean awaitWork() {
    while (synced == appended && retired.isEmpty()) {
      if (closing) {
        return false;
      }
      if (broken && restarted(false)) {
        continue;
      }
      syncerWaits = true;
      try {
        if (broken) {
          long unused = work.awaitNanos(RETRY_NANOS);
        } else {
          work.await();
        }
      } catch (InterruptedException e) {
        return false;
      } finally {
        syncerWaits = false;
      }
    }
    return true;
  }

  private void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(settings.group().toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sync() {
    List<SyncDue> due = new ArrayList<>();
    long target;
    lock.lock();
    try {
      target = appended;
      for (Segment each : retired) {
        due.add(SyncDue.of(each, true));
      }
      retired.clear();
      if (current != null) {
        due.add(SyncDue.of(current, false));
      }
    } finally {
      lock.unlock();
    }
    @Nullable IOException failure = null;
    for (SyncDue each : due) {
      failure = each.force(failure);
    }
    lock.lock();
    try {
      if (failure == null) {
        due.forEach(each -> each.segment().durable(each.length()));
        synced = target;
      } else {
        notSynced(due, failure, target);
      }
      durable.signalAll();
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The disk did not take bytes. Those whose appenders still wait are withdrawn; those that were
   * acknowledged before stay, because the process may live on to see them written.
   */
  private void notSynced(List<SyncDue> due, IOException failure, long target) {
    if (!settings.syncAlways()) {
      spoil(failure);
      synced = target;
      retired.removeIf(segment -> due.stream().anyMatch(each -> each.segment() == segment));
      return;
    }
    lostFrom = synced;
    lostTo = appended;
    synced = appended;
    List<Segment> open = new ArrayList<>(due.stream().map(SyncDue::segment).toList());
    open.addAll(retired);
    if (current != null && !open.contains(current)) {
      open.add(current);
    }
    spoil(failure);
    retired.clear();
    for (Segment each : open) {
      long before = each.length();
      try {
        each.cut(Math.max(each.durable(), Segment.HEADER));
        bytes.addAndGet(each.length() - before);
        each.close();
      } catch (IOException e) {
        LOG.error("{} may hold records that were refused: {}", each.path(), e.toString());
      }
    }
  }

  @Override
  public boolean ready() {
    return !broken && !closing && bytes.get() + ROOM <= settings.maxBytes();
  }

  /** Size of all segments together. */
  public long bytes() {
    return bytes.get();
  }

  /** What earlier processes sent upstream, or only admitted, and never settled; oldest first. */
  List<Unsettled> unsettled() {
    return unsettled;
  }

  /** Number of the first segment that this process wrote. */
  long firstOwn() {
    return firstOwn;
  }

  /** All segments, oldest first. */
  List<Extent> extents() {
    lock.lock();
    try {
      return segments.values().stream()
          .map(each -> new Extent(each.number(), each.path(), readable(each)))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** The end of what can be read. */
  JournalPosition end() {
    lock.lock();
    try {
      Map.@Nullable Entry<Long, Segment> last = segments.lastEntry();
      return last == null
          ? JournalPosition.START
          : new JournalPosition(last.getKey(), readable(last.getValue()));
    } finally {
      lock.unlock();
    }
  }

  private long readable(Segment segment) {
    return settings.syncAlways()
        ? Math.max(segment.durable(), Math.min(segment.length(), Segment.HEADER))
        : segment.length();
  }

  /** Waits until more can be read than when {@code seen} was returned; returns how much now. */
  long awaitGrowth(long seen, Duration bound) throws InterruptedException {
    long left = bound.toNanos();
    lock.lockInterruptibly();
    try {
      while (grownTo() == seen && left > 0) {
        left = grown.awaitNanos(left);
      }
      return grownTo();
    } finally {
      lock.unlock();
    }
  }

  private long grownTo() {
    return settings.syncAlways() ? synced : appended;
  }

  /** Removes a segment that nothing needs any more. */
  void remove(Extent extent) {
    lock.lock();
    try {
      @Nullable Segment removed = segments.remove(extent.number());
      if (removed == null) {
        return;
      }
      bytes.addAndGet(-removed.length());
    } finally {
      lock.unlock();
    }
    try {
      Files.deleteIfExists(extent.path());
    } catch (IOException e) {
      LOG.warn("{} is done with but cannot be deleted: {}", extent.path(), e.toString());
    }
  }

  /** Forces everything to the disk and closes; appends are refused from now on. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      syncer.join(CLOSE_WAIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lock.lock();
    try {
      if (current != null) {
        current.close();
      }
    } catch (IOException e) {
      LOG.warn("the journal did not close cleanly: {}", e.toString());
    } finally {
      lock.unlock();
    }
  }
}
