package io.bitrouter.store;

import static io.bitrouter.store.BooksWorld.KEY;
import static io.bitrouter.store.BooksWorld.NOW;
import static io.bitrouter.store.BooksWorld.NS;
import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.store.JournalRecord;
import io.bitrouter.core.store.UsageJournal.Appended;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.store.journal.JournalSettings;
import io.bitrouter.store.row.SampleRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deaths at any moment: every row once, and all that was answered. */
class CrashTest {

  private static final int PAGE = 10_000;

  @TempDir private Path home;

  @Test
  void copiesOfTheJournalTakenAtAnyMomentGiveEveryRowOnce() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    SampleRows sample = new SampleRows(random);
    List<RequestRow> written = new ArrayList<>();
    List<Path> copies = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    Path live = home.resolve("live");
    Files.createDirectories(live);
    try (Books books = BooksWorld.open(live, small())) {
      books.catchUp(Duration.ofSeconds(10));
      for (int copy = 0; copy < 6; copy++) {
        for (int i = random.nextInt(400); i >= 0; i--) {
          RequestRow row = sample.any(NS, KEY, NOW + written.size() * 1_000L);
          BooksWorld.append(books, row);
          written.add(row);
        }
        if (copy % 2 == 0) {
          books.catchUp(Duration.ofSeconds(10));
        }
        copies.add(home.resolve("copy" + copy));
        counts.add(written.size());
        copyLikeADeath(books, live, copies.getLast());
      }
    }
    for (int copy = 0; copy < copies.size(); copy++) {
      for (int start = 0; start < 2; start++) {
        try (Books books = BooksWorld.open(copies.get(copy), small())) {
          assertThat(BooksWorld.rows(books, NS, PAGE, 0))
              .as("seed %d copy %d", seed, copy)
              .containsExactlyInAnyOrderElementsOf(written.subList(0, counts.get(copy)));
          assertThat(BooksWorld.usage(books, NS, 0, 2 * NOW))
              .isEqualTo(BooksWorld.fold(written.subList(0, counts.get(copy)), NS, 0, 2 * NOW));
        }
      }
    }
  }

  /** The store first, held still by a read, then the journal: as if both had stopped between. */
  private static void copyLikeADeath(Books books, Path live, Path to) throws IOException {
    Files.createDirectories(to);
    boolean still = false;
    while (!still) {
      long rows = books.counters().rowsWritten();
      BooksWorld.copy(live, to);
      still = books.counters().caughtUp() && books.counters().rowsWritten() == rows;
      if (!still) {
        books.catchUp(Duration.ofSeconds(10));
      }
    }
  }

  @Test
  void aKilledProcessLosesNothingThatItAcknowledged() throws Exception {
    Path acknowledged = home.resolve("acknowledged");
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int life = 0; life < 2; life++) {
      Process process = child(home, acknowledged, seed + life);
      int wanted = lines(acknowledged).size() + 300 + random.nextInt(1_000);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (lines(acknowledged).size() < wanted && System.nanoTime() < end) {
        assertThat(process.isAlive()).isTrue();
        LockSupport.parkNanos(5_000_000);
      }
      process.destroyForcibly().waitFor();
    }
    Set<String> answered = new HashSet<>(lines(acknowledged));
    try (Books books = BooksWorld.open(home, small())) {
      List<RequestRow> rows = all(books);
      Set<String> settled = new HashSet<>();
      long micro = 0;
      for (RequestRow row : rows) {
        assertThat(settled.add(row.requestId().toString())).as("one row each").isTrue();
        micro += row.finalChargeMicroUsd();
        if (row.chargeState() == ChargeState.INDETERMINATE) {
          assertThat(answered).doesNotContain(row.requestId().toString());
        }
      }
      assertThat(settled).containsAll(answered);
      assertThat(BooksWorld.usage(books, NS, 0, Long.MAX_VALUE).spendMicroUsd()).isEqualTo(micro);
      System.out.println(answered.size() + " acknowledged, " + settled.size() + " on the books");
    }
  }

  private static List<RequestRow> all(Books books) {
    List<RequestRow> rows = new ArrayList<>();
    List<RequestRow> page;
    do {
      page = BooksWorld.rows(books, NS, PAGE, rows.size());
      rows.addAll(page);
    } while (page.size() == PAGE);
    return rows;
  }

  private static JournalSettings small() {
    return new JournalSettings(false, Duration.ofMillis(5), 4 << 20);
  }

  private static List<String> lines(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    return List.of(text.substring(0, text.lastIndexOf('\n') + 1).split("\n"));
  }

  private static Process child(Path home, Path acknowledged, long seed) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            home.toString(),
            acknowledged.toString(),
            Long.toString(seed))
        .redirectErrorStream(true)
        .redirectOutput(home.resolve("child.out").toFile())
        .start();
  }

  /** Appends requests for ever and writes down which were acknowledged. */
  static final class Child {

    private Child() {}

    /** Arguments: home, file of acknowledged ids, seed. */
    public static void main(String[] arguments) throws InterruptedException {
      Path acknowledged = Path.of(arguments[1]);
      Random seeds = new Random(Long.parseLong(arguments[2]));
      Books books = BooksWorld.open(Path.of(arguments[0]), small());
      for (int i = 0; i < 8; i++) {
        Random random = new Random(seeds.nextLong());
        Thread.ofVirtual().start(() -> serve(books, acknowledged, random));
      }
      Thread.currentThread().join();
    }

    private static void serve(Books books, Path acknowledged, Random random) {
      SampleRows sample = new SampleRows(random);
      while (true) {
        RequestRow row = sample.plain(NS, KEY, NOW + random.nextInt(1 << 30) * 1_000L);
        boolean written = BooksWorld.append(books, row) == Appended.YES;
        if (written) {
          note(acknowledged, row.requestId());
        }
        if (random.nextInt(20) == 0) {
          RequestRow other = sample.plain(NS, KEY, NOW + random.nextInt(1 << 30) * 1_000L);
          books.journal().append(List.of(BooksWorld.admission(other)));
          books.journal().append(List.of(new JournalRecord.Void(other.requestId())));
        }
      }
    }

    private static void note(Path acknowledged, RequestId id) {
      try {
        Files.writeString(
            acknowledged,
            id + "\n",
            StandardCharsets.US_ASCII,
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
