package io.bitrouter.store;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.JournalRecord;
import io.bitrouter.core.store.NamespaceView;
import io.bitrouter.core.store.NodeView;
import io.bitrouter.core.store.Recorded;
import io.bitrouter.core.store.RequestQuery;
import io.bitrouter.core.store.UsageJournal.Appended;
import io.bitrouter.core.store.UsageQuery;
import io.bitrouter.core.store.UsageTotals;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import io.bitrouter.store.journal.JournalSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What tests of the books share. */
public final class BooksWorld {

  /** Some moment, microseconds, at the start of a quarter hour. */
  public static final long NOW = 1_790_000_100_000_000L / 900_000_000L * 900_000_000L;

  /** Two namespaces; names and labels mean nothing to rows. */
  public static final NamespaceId NS = NamespaceId.of(new Ulid(1, 1));

  /** The other one. */
  public static final NamespaceId OTHER = NamespaceId.of(new Ulid(2, 2));

  /** A key. */
  public static final KeyId KEY = KeyId.of(new Ulid(3, 3));

  private static final OperatorGrant OPERATOR = OperatorGrant.ofTheNodeItself();

  private BooksWorld() {}

  /** Opens books in {@code home}. */
  public static Books open(Path home) {
    return open(home, JournalSettings.DEFAULT);
  }

  /** The same with other settings of the journal. */
  public static Books open(Path home, JournalSettings settings) {
    return Books.open(home, settings, Ticker.system(), TestSpecs.CODEC, TestSigner.NODE);
  }

  /** The newest rows of a namespace. */
  public static List<RequestRow> rows(Books books, NamespaceId of, int limit, long offset) {
    return view(books, of).requests(RequestQuery.newest(limit, offset));
  }

  /** A namespace's usage. */
  public static UsageTotals usage(Books books, NamespaceId of, long from, long to) {
    return view(books, of).usage(UsageQuery.of(from, to));
  }

  /** One namespace of the books. */
  public static NamespaceView view(Books books, NamespaceId id) {
    return books.store().open(OPERATOR.enter(id));
  }

  /** All namespaces of the books. */
  public static NodeView node(Books books) {
    return books.store().openNode(OPERATOR);
  }

  /** Makes a namespace with a given id. */
  public static void create(Books books, NamespaceId id, String name) {
    node(books)
        .createNamespace(
            new Namespace(id, Namespace.NODE_OWNER, name, NOW), Recorded.of(audit("create", NOW)));
  }

  /** An audit entry. */
  public static AuditEntry audit(String action, long at) {
    RequestId id = new RequestId(new Ulid(at, 1));
    return new AuditEntry(at, "operator", "opr_1", action, "namespace", "x", "", "", "", id);
  }

  /** Appends a settled request whole: admission, dispatch, row. */
  public static Appended append(Books books, RequestRow row) {
    Appended admitted = books.journal().append(List.of(admission(row), dispatch(row)));
    return admitted == Appended.YES
        ? books.journal().append(List.of(new JournalRecord.Close(row)))
        : admitted;
  }

  /** The admission that belongs to a row. */
  public static JournalRecord.Open admission(RequestRow row) {
    return new JournalRecord.Open(
        row.requestId(),
        row.namespace(),
        row.key(),
        row.rootKey(),
        row.protocol(),
        row.requestedModel(),
        row.streamed(),
        row.chargeNanoUsd() + 1_234_567,
        row.decision());
  }

  /** The dispatch that belongs to a row. */
  public static JournalRecord.Dispatch dispatch(RequestRow row) {
    return new JournalRecord.Dispatch(
        row.requestId(),
        2,
        row.providerId().orElse("p"),
        row.modelId().orElse("p/m"),
        row.upstreamModel().orElse("m"),
        row.upstreamProtocol().orElse("chat"),
        row.priceVersion());
  }

  /** The fold of rows that started in {@code [from, to)}. */
  public static UsageTotals fold(Collection<RequestRow> rows, NamespaceId of, long from, long to) {
    return rows.stream()
        .filter(row -> row.namespace().equals(of))
        .filter(row -> row.startedAtMicros() >= from && row.startedAtMicros() < to)
        .map(BooksWorld::totals)
        .reduce(UsageTotals.ZERO, UsageTotals::plus);
  }

  private static UsageTotals totals(RequestRow row) {
    boolean denied = row.status() == RequestStatus.DENIED;
    return new UsageTotals(
        row.finalChargeMicroUsd(),
        row.usage().tokens().promptTokens(),
        row.usage().tokens().completionTokens(),
        denied ? 0 : 1,
        denied ? row.repeatCount() : 0);
  }

  /** A request id of that moment. */
  public static RequestId id(Random random, long at) {
    return new RequestId(Ulid.next(at, random));
  }

  /** Copies a folder's files; files that vanish meanwhile are left out. */
  public static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    List<Path> files;
    try (Stream<Path> listed = Files.list(from)) {
      files = listed.sorted().toList();
    }
    for (Path file : files) {
      if (Files.isDirectory(file)) {
        copy(file, to.resolve(file.getFileName().toString()));
      } else if (Files.exists(file)) {
        Files.write(to.resolve(file.getFileName().toString()), Files.readAllBytes(file));
      }
    }
  }

  /** The journal's files, oldest first. */
  public static List<Path> segments(Path home) throws IOException {
    try (Stream<Path> listed = Files.list(home.resolve("journal"))) {
      return listed.sorted().toList();
    }
  }
}
