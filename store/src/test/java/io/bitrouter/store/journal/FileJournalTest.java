package io.bitrouter.store.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.store.JournalRecord;
import io.bitrouter.core.store.UsageJournal.Appended;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.store.BooksWorld;
import io.bitrouter.store.journal.FileJournal.Extent;
import io.bitrouter.store.journal.SegmentReader.Found;
import io.bitrouter.store.row.ByteWriter;
import io.bitrouter.store.row.SampleRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is appended is read back, and nothing but that. */
class FileJournalTest {

  private static final JournalSettings SMALL =
      new JournalSettings(false, Duration.ofMillis(1), 64 * 1024);
  private static final JournalSettings ALWAYS =
      new JournalSettings(true, Duration.ofMillis(5), 1 << 24);

  @TempDir private Path home;

  private final Random random = new Random(17);
  private final SampleRows sample = new SampleRows(random);

  @Test
  void recordsOfEveryTypeComeBack() {
    for (int i = 0; i < 500; i++) {
      RequestRow row = sample.any(BooksWorld.NS, BooksWorld.KEY, BooksWorld.NOW + i * 1_000);
      for (JournalRecord each : records(row)) {
        ByteWriter bytes = RecordCodec.encode(List.of(each));
        assertThat(
                RecordCodec.decode(
                    bytes.array()[RecordCodec.HEAD - 1],
                    bytes.array(),
                    RecordCodec.HEAD,
                    bytes.length()))
            .isEqualTo(each);
      }
    }
  }

  @Test
  void aTailTornAtAnyByteLosesTheTornRecordAlone() throws Exception {
    List<JournalRecord> written = new ArrayList<>();
    try (FileJournal journal = open(home, JournalSettings.DEFAULT)) {
      for (int i = 0; i < 5; i++) {
        RequestRow row = sample.any(BooksWorld.NS, BooksWorld.KEY, BooksWorld.NOW + i * 1_000);
        written.addAll(records(row));
        assertThat(journal.append(records(row))).isEqualTo(Appended.YES);
      }
    }
    Path segment = BooksWorld.segments(home).getFirst();
    byte[] whole = Files.readAllBytes(segment);
    int last = RecordCodec.encode(List.of(written.getLast())).length();
    Path torn = home.resolve("torn");
    for (int missing = 1; missing <= last; missing++) {
      Files.createDirectories(torn.resolve("journal"));
      Path file = torn.resolve("journal").resolve(segment.getFileName().toString());
      Files.write(file, Arrays.copyOf(whole, whole.length - missing));
      JournalScan scan = JournalScan.of(torn.resolve("journal"));
      assertThat(scan.segments().getFirst().length()).isEqualTo(whole.length - last);
      assertThat(Files.size(file)).isEqualTo(whole.length - last);
      assertThat(read(file, whole.length - last)).isEqualTo(written.subList(0, 24));
    }
    for (int flipped = 0; flipped < last; flipped++) {
      byte[] damaged = whole.clone();
      damaged[whole.length - 1 - flipped] ^= 0x10;
      Path file = torn.resolve("journal").resolve(segment.getFileName().toString());
      Files.write(file, damaged);
      assertThat(JournalScan.of(torn.resolve("journal")).segments().getFirst().length())
          .isEqualTo(whole.length - last);
    }
  }

  @Test
  void aFileOfAnotherVersionIsNotTouched() throws Exception {
    open(home, JournalSettings.DEFAULT).close();
    Path segment = BooksWorld.segments(home).getFirst();
    byte[] bytes = Files.readAllBytes(segment);
    bytes[3] = 9;
    Files.write(segment, bytes);
    assertThatThrownBy(() -> open(home, JournalSettings.DEFAULT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not a journal of this version");
    assertThat(Files.readAllBytes(segment)).isEqualTo(bytes);
  }

  @Test
  void damageInAnOlderSegmentCostsTheRestOfThatSegmentOnly() throws Exception {
    int count = 0;
    try (FileJournal journal = open(home, SMALL)) {
      while (journal.extents().size() < 4) {
        journal.append(List.of(voided(count++)));
      }
    }
    List<Path> segments = BooksWorld.segments(home);
    byte[] bytes = Files.readAllBytes(segments.get(1));
    bytes[bytes.length / 2] ^= 1;
    Files.write(segments.get(1), bytes);
    List<Segment> scanned = JournalScan.of(home.resolve("journal")).segments();
    assertThat(scanned.get(0).length()).isEqualTo(Files.size(segments.get(0)));
    assertThat(scanned.get(1).length()).isLessThanOrEqualTo(bytes.length / 2);
    assertThat(Files.size(segments.get(1))).isEqualTo(bytes.length);
    assertThat(scanned.get(2).length()).isEqualTo(Files.size(segments.get(2)));
  }

  @Test
  void aFullJournalTakesSettlementsAndNothingElse() throws Exception {
    try (FileJournal journal = open(home, SMALL)) {
      RequestRow row = sample.plain(BooksWorld.NS, BooksWorld.KEY, BooksWorld.NOW);
      while (journal.append(List.of(BooksWorld.admission(row))) == Appended.YES) {
        assertThat(journal.bytes()).isLessThanOrEqualTo(SMALL.maxBytes());
      }
      assertThat(journal.ready()).isFalse();
      assertThat(journal.append(List.of(BooksWorld.dispatch(row)))).isEqualTo(Appended.UNAVAILABLE);
      assertThat(journal.append(List.of(new JournalRecord.Close(row)))).isEqualTo(Appended.YES);
      assertThat(journal.append(List.of(new JournalRecord.Void(row.requestId()))))
          .isEqualTo(Appended.YES);
      assertThat(journal.append(List.of(new JournalRecord.Extend(row.requestId(), 5))))
          .isEqualTo(Appended.YES);
      assertThat(journal.append(List.of(new JournalRecord.Close(row), BooksWorld.admission(row))))
          .isEqualTo(Appended.UNAVAILABLE);
      for (Extent extent : journal.extents().subList(0, 3)) {
        journal.remove(extent);
      }
      assertThat(journal.ready()).isTrue();
      assertThat(journal.append(List.of(BooksWorld.admission(row)))).isEqualTo(Appended.YES);
    }
  }

  @Test
  void aDiskThatFailsMakesItUnavailableUntilItWorksAgain() throws Exception {
    Path folder = home.resolve("journal");
    Path away = home.resolve("away");
    try (FileJournal journal = open(home, SMALL)) {
      RequestRow row = sample.plain(BooksWorld.NS, BooksWorld.KEY, BooksWorld.NOW);
      Files.move(folder, away);
      Appended last = Appended.YES;
      for (int i = 0; i < 1_000 && last == Appended.YES; i++) {
        last = journal.append(List.of(BooksWorld.admission(row)));
      }
      assertThat(last).isEqualTo(Appended.UNAVAILABLE);
      assertThat(journal.ready()).isFalse();
      assertThat(journal.append(List.of(new JournalRecord.Close(row))))
          .isEqualTo(Appended.UNAVAILABLE);
      Files.move(away, folder);
      assertThat(journal.append(List.of(new JournalRecord.Close(row)))).isEqualTo(Appended.YES);
      assertThat(journal.ready()).isTrue();
      Files.move(folder, away);
      last = Appended.YES;
      while (last == Appended.YES) {
        last = journal.append(List.of(BooksWorld.admission(row)));
      }
      Files.move(away, folder);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (!journal.ready() && System.nanoTime() < end) {
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(journal.append(List.of(BooksWorld.admission(row)))).isEqualTo(Appended.YES);
    }
  }

  @Test
  void withSyncAlwaysWhatWasAppendedIsOnTheDisk() throws Exception {
    try (FileJournal journal = open(home, ALWAYS);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Appended>> appended = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        JournalRecord.Void each = voided(i);
        appended.add(threads.submit(() -> journal.append(List.of(each))));
      }
      for (Future<Appended> each : appended) {
        assertThat(each.get(20, TimeUnit.SECONDS)).isEqualTo(Appended.YES);
      }
      Extent extent = journal.extents().getFirst();
      assertThat(extent.readable()).isEqualTo(Files.size(extent.path()));
      assertThat(read(extent.path(), extent.readable())).hasSize(200);
    }
  }

  @Test
  void extensionsByEventLoopsWaitForNoDisk() throws Exception {
    RequestRow row = sample.plain(BooksWorld.NS, BooksWorld.KEY, BooksWorld.NOW);
    JournalRecord extension = new JournalRecord.Extend(row.requestId(), 5);
    assertThat(FileJournal.waitsForDisk(List.of(extension))).isFalse();
    assertThat(FileJournal.waitsForDisk(List.of(extension, new JournalRecord.Close(row)))).isTrue();
    assertThat(FileJournal.waitsForDisk(List.of(BooksWorld.admission(row)))).isTrue();
    try (FileJournal journal = open(home, ALWAYS)) {
      assertThat(journal.append(List.of(extension))).isEqualTo(Appended.YES);
    }
    Path segment = BooksWorld.segments(home).getFirst();
    assertThat(read(segment, Files.size(segment))).containsExactly(extension);
  }

  @Test
  void anInterruptedAppenderHarmsNobody() throws Exception {
    try (FileJournal journal = open(home, ALWAYS)) {
      Thread.currentThread().interrupt();
      assertThat(journal.append(List.of(voided(1)))).isEqualTo(Appended.YES);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(journal.append(List.of(voided(2)))).isEqualTo(Appended.YES);
      assertThat(journal.ready()).isTrue();
    }
  }

  @Test
  void filesAreTheOwnersAloneAndAClosedJournalRefuses() throws Exception {
    FileJournal journal = open(home, JournalSettings.DEFAULT);
    journal.close();
    assertThat(journal.append(List.of(voided(1)))).isEqualTo(Appended.UNAVAILABLE);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(BooksWorld.segments(home).getFirst())))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("journal"))))
        .isEqualTo("rwx------");
  }

  private static FileJournal open(Path home, JournalSettings settings) throws IOException {
    return FileJournal.open(home.resolve("journal"), settings, 0, Ticker.system());
  }

  private JournalRecord.Void voided(int at) {
    RequestId id = BooksWorld.id(random, BooksWorld.NOW + at * 1_000L);
    return new JournalRecord.Void(id);
  }

  private static List<JournalRecord> records(RequestRow row) {
    return List.of(
        BooksWorld.admission(row),
        BooksWorld.dispatch(row),
        new JournalRecord.Extend(row.requestId(), row.chargeNanoUsd() + 7),
        new JournalRecord.Void(row.requestId()),
        new JournalRecord.Close(row));
  }

  private static List<JournalRecord> read(Path file, long limit) throws IOException {
    List<JournalRecord> records = new ArrayList<>();
    try (SegmentReader reader = new SegmentReader(file, Segment.HEADER)) {
      while (reader.next(limit) == Found.RECORD) {
        records.add(RecordCodec.decode(reader.type(), reader.bytes(), reader.from(), reader.end()));
      }
    }
    return records;
  }
}
