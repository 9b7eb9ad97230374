package io.bitrouter.store.journal;

import static io.bitrouter.store.BooksWorld.KEY;
import static io.bitrouter.store.BooksWorld.NOW;
import static io.bitrouter.store.BooksWorld.NS;
import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.store.JournalRecord;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.store.Books;
import io.bitrouter.store.BooksWorld;
import io.bitrouter.store.row.SampleRows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which segments go, which stay, and what a death then finds. */
class RetentionTest {

  private static final JournalSettings SMALL =
      new JournalSettings(false, Duration.ofMillis(1), 1 << 20);
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private final SampleRows sample = new SampleRows(new Random(29));

  @Test
  void aSegmentStaysWhileARequestOfItIsUnderWayAndNoRowIsCountedTwice() throws Exception {
    List<RequestRow> rows = new ArrayList<>();
    RequestRow slow = sample.plain(NS, KEY, NOW);
    RequestRow straddling = sample.plain(NS, KEY, NOW + 1_000);
    RequestRow revoked = sample.plain(NS, KEY, NOW + 2_000);
    Path home = Files.createDirectory(folder.resolve("live"));
    Path died = folder.resolve("died");
    try (Books books = BooksWorld.open(home, SMALL)) {
      for (RequestRow each : List.of(slow, straddling, revoked)) {
        books.journal().append(List.of(BooksWorld.admission(each), BooksWorld.dispatch(each)));
      }
      Path first = BooksWorld.segments(home).getLast();
      while (BooksWorld.segments(home).size() < 4 || rows.size() < 1_500) {
        rows.add(sample.plain(NS, KEY, NOW + rows.size() * 1_000L));
        BooksWorld.append(books, rows.getLast());
        if (rows.size() == 700) {
          rows.add(straddling);
          books.journal().append(List.of(new JournalRecord.Close(straddling)));
          books.journal().append(List.of(new JournalRecord.Void(revoked.requestId())));
        }
      }
      assertThat(books.catchUp(LONG)).isTrue();
      BooksWorld.append(books, sample.plain(NS, KEY, NOW));
      assertThat(books.catchUp(LONG)).isTrue();
      assertThat(BooksWorld.segments(home)).contains(first).hasSizeLessThanOrEqualTo(4);
      BooksWorld.copy(home, died);
      books.journal().append(List.of(new JournalRecord.Close(slow)));
      assertThat(books.catchUp(LONG)).isTrue();
    }
    try (Books books = BooksWorld.open(died, SMALL)) {
      List<RequestRow> found = BooksWorld.rows(books, NS, 10_000, 0);
      assertThat(found).hasSize(rows.size() + 2);
      assertThat(found.stream().filter(row -> row.code().isPresent()))
          .extracting(RequestRow::requestId)
          .containsExactly(slow.requestId());
    }
    try (Books books = BooksWorld.open(home, SMALL)) {
      assertThat(BooksWorld.rows(books, NS, 10_000, 0)).hasSize(rows.size() + 2);
      assertThat(BooksWorld.segments(home)).hasSize(1);
    }
  }

  @Test
  void theLastWordOnARequestUnderWayStaysAndEarlierOnesGo() throws Exception {
    RequestRow slow = sample.plain(NS, KEY, NOW);
    Path home = Files.createDirectory(folder.resolve("live"));
    Path died = folder.resolve("died");
    try (Books books = BooksWorld.open(home, SMALL)) {
      books.journal().append(List.of(BooksWorld.admission(slow)));
      growBySegments(books, home, 3);
      books.journal().append(List.of(BooksWorld.dispatch(slow)));
      growBySegments(books, home, 3);
      for (int i = 1; i <= 3; i++) {
        books.journal().append(List.of(new JournalRecord.Extend(slow.requestId(), 50_000L * i)));
        growBySegments(books, home, 3);
      }
      // Segments go after rows are in; once a further row is in, they are gone.
      BooksWorld.append(books, sample.plain(NS, KEY, NOW));
      assertThat(books.catchUp(LONG)).isTrue();
      assertThat(BooksWorld.segments(home))
          .as("admission, dispatch, last extension, the end")
          .hasSizeLessThanOrEqualTo(6);
      BooksWorld.copy(home, died);
    }
    try (Books books = BooksWorld.open(died, SMALL)) {
      RequestRow found = BooksWorld.view(books, NS).request(slow.requestId()).orElseThrow();
      assertThat(found.chargeNanoUsd()).isEqualTo(150_000);
      assertThat(found.attempts()).isEqualTo(2);
    }
  }

  /** Settles requests until so many new segments have begun. */
  private void growBySegments(Books books, Path home, int count) throws Exception {
    Path last = BooksWorld.segments(home).getLast();
    int begun = 0;
    while (begun < count) {
      BooksWorld.append(books, sample.plain(NS, KEY, NOW));
      Path now = BooksWorld.segments(home).getLast();
      begun += now.equals(last) ? 0 : 1;
      last = now;
    }
    assertThat(books.catchUp(LONG)).isTrue();
  }
}
