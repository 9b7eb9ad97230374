package io.bitrouter.store;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.JournalRecord;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.store.row.SampleRows;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures what a request row costs. Arguments: rows, keys, namespaces, rows per second (0: as fast
 * as possible).
 */
public final class StoreBench {

  private static final int FORERUN = 200_000;

  private StoreBench() {}

  /** Prints CPU of the writer's threads per row, bytes per row, and the cost of an append. */
  public static void main(String[] arguments) throws IOException, SQLException {
    int[] given = Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
    int rows = given.length > 0 ? given[0] : 300_000;
    int keys = given.length > 1 ? given[1] : 1;
    int namespaces = given.length > 2 ? given[2] : 1;
    int perSecond = given.length > 3 ? given[3] : 0;
    Path home = Files.createTempDirectory("store-bench");
    List<RequestRow> made = rows(FORERUN + rows, keys, namespaces);
    try (Books books = BooksWorld.open(home)) {
      append(books, made.subList(0, FORERUN), 0);
      books.catchUp(Duration.ofMinutes(5));
      checkpoint(home);
      long size = size(home);
      Map<String, Long> before = cpu();
      long start = System.nanoTime();
      long appending = append(books, made.subList(FORERUN, made.size()), perSecond);
      books.catchUp(Duration.ofMinutes(5));
      long wall = System.nanoTime() - start;
      Map<String, Long> after = cpu();
      long total = 0;
      for (String thread : List.of("row-writer", "store-writer-0", "journal-sync")) {
        long spent = after.getOrDefault(thread, 0L) - before.getOrDefault(thread, 0L);
        total += spent;
        System.out.printf("%-15s %6.2f us CPU/row%n", thread, spent / 1e3 / rows);
      }
      System.out.printf("%-15s %6.2f us CPU/row%n", "all of them", total / 1e3 / rows);
      System.out.printf("append of a row %6.2f us%n", appending / 1e3 / rows);
      System.out.printf("rows written    %6.0f /s%n", rows / (wall / 1e9));
      System.out.printf("usage rows %d%n", check(books));
      checkpoint(home);
      System.out.printf("growth          %6.1f B/row%n", (size(home) - size) / (double) rows);
      tables(home, FORERUN + rows);
    }
  }

  private static long append(Books books, List<RequestRow> rows, int perSecond) {
    long spent = 0;
    long start = System.nanoTime();
    for (int i = 0; i < rows.size(); i++) {
      if (perSecond > 0) {
        long due = start + i * 1_000_000_000L / perSecond;
        while (due - System.nanoTime() > 0) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
      }
      RequestRow row = rows.get(i);
      long from = System.nanoTime();
      books
          .journal()
          .append(
              List.of(
                  new JournalRecord.Open(
                      row.requestId(),
                      row.namespace(),
                      row.key(),
                      row.rootKey(),
                      row.clientRequestId(),
                      row.protocol(),
                      row.requestedModel(),
                      row.streamed(),
                      row.chargeNanoUsd(),
                      row.decision()),
                  new JournalRecord.Dispatch(
                      row.requestId(),
                      1,
                      row.providerId().orElse(""),
                      row.modelId().orElse(""),
                      row.upstreamModel().orElse(""),
                      row.upstreamProtocol().orElse(""),
                      row.priceVersion())));
      books.journal().append(List.of(new JournalRecord.Close(row)));
      spent += System.nanoTime() - from;
    }
    return spent;
  }

  private static List<RequestRow> rows(int count, int keys, int namespaces) {
    Random random = new Random(1);
    SampleRows sample = new SampleRows(random);
    List<NamespaceId> ns = new ArrayList<>();
    List<KeyId> ids = new ArrayList<>();
    for (int i = 0; i < namespaces; i++) {
      ns.add(NamespaceId.of(new Ulid(i, i)));
    }
    for (int i = 0; i < keys; i++) {
      ids.add(KeyId.of(new Ulid(i, random.nextLong())));
    }
    List<RequestRow> rows = new ArrayList<>(count);
    long at = 1_790_000_000_000_000L;
    for (int i = 0; i < count; i++) {
      int key = random.nextInt(keys);
      at += 1_000;
      rows.add(sample.plain(ns.get(key % namespaces), ids.get(key), at - random.nextInt(900_000)));
    }
    return rows;
  }

  private static long check(Books books) {
    return books
        .store()
        .openNode(OperatorGrant.ofTheNodeItself())
        .usageByNamespace(0, Long.MAX_VALUE)
        .size();
  }

  private static Map<String, Long> cpu() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Map<String, Long> spent = new HashMap<>();
    for (long id : threads.getAllThreadIds()) {
      var info = threads.getThreadInfo(id);
      if (info != null) {
        spent.merge(info.getThreadName(), threads.getThreadCpuTime(id), Long::sum);
      }
    }
    return spent;
  }

  private static void checkpoint(Path home) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + home.resolve("bitrouter.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
  }

  private static void tables(Path home, int rows) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + home.resolve("bitrouter.db"));
        Statement statement = connection.createStatement();
        ResultSet pages =
            statement.executeQuery(
                "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 4")) {
      while (pages.next()) {
        System.out.printf("%-24s %6.1f B/row%n", pages.getString(1), pages.getLong(2) * 1.0 / rows);
      }
    }
  }

  private static long size(Path home) throws IOException {
    return Files.size(home.resolve("bitrouter.db"));
  }
}
