package io.bitrouter.store.sqlite;

import io.bitrouter.core.credential.Authenticator;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyIndex;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.KeyVerifier;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.credential.OperatorRecord;
import io.bitrouter.core.credential.Peppers;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.credential.Scope;
import io.bitrouter.core.credential.ScopeSet;
import io.bitrouter.core.credential.Token;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Secret;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.NamespaceView;
import io.bitrouter.core.store.NodeView;
import io.bitrouter.core.store.Recorded;
import io.bitrouter.core.store.RequestQuery;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.store.TestSigner;
import io.bitrouter.store.TestSpecs;
import io.bitrouter.store.journal.JournalPosition;
import io.bitrouter.store.row.ByteWriter;
import io.bitrouter.store.row.EncodedRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;

/** A store with things in it, made from a seed. */
public final class ControlWorld implements AutoCloseable {

  /** Some moment, microseconds. */
  public static final long NOW = 1_790_000_000_000_000L;

  /** The database. */
  public final SqliteDatabase database;

  /** The store on it. */
  public final SqliteStore store;

  /** The operator's view. */
  public final NodeView node;

  private final OperatorGrant operator = OperatorGrant.ofTheNodeItself();
  private final Random random = new Random(7);

  /** Opens {@code folder/bitrouter.db}. */
  public ControlWorld(Path folder) {
    this.database = SqliteDatabase.open(folder.resolve("bitrouter.db"));
    this.store = new SqliteStore(database, Freshness.AS_IS, TestSpecs.CODEC, TestSigner.NODE);
    this.node = store.openNode(operator);
  }

  /** A new namespace. */
  public Namespace namespace(String name) {
    Namespace made =
        new Namespace(
            NamespaceId.of(Ulid.next(NOW, random)),
            Namespace.NODE_OWNER,
            name,
            NOW + random.nextInt(1_000_000));
    node.createNamespace(made, recorded("namespace.create", made.id().text(), NOW));
    return made;
  }

  /** The view of one namespace. */
  public NamespaceView view(NamespaceId id) {
    return store.open(operator.enter(id));
  }

  /** A key that has not been stored. */
  public KeyRecord key(NamespaceId namespace, String name, Optional<KeyRecord> parent) {
    KeyId id = KeyId.of(Ulid.next(NOW, random));
    byte[] mac = new byte[32];
    random.nextBytes(mac);
    return new KeyRecord(
        namespace,
        id,
        name,
        ScopeSet.of(List.of(Scope.INFERENCE_INVOKE, "policy:*")),
        parent.map(ControlWorld::lineage).orElse(List.of()),
        NOW + random.nextInt(1_000_000),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        List.of(
            new KeyVerifier(
                Long.toString(random.nextLong(), 36), mac, "p1", OptionalLong.empty())));
  }

  private static List<KeyId> lineage(KeyRecord parent) {
    return Stream.concat(Stream.of(parent.id()), parent.ancestors().stream()).toList();
  }

  /** A key that has been stored. */
  public KeyRecord stored(NamespaceId namespace, String name, Optional<KeyRecord> parent) {
    KeyRecord key = key(namespace, name, parent);
    if (!view(namespace).addKey(key, recorded("key.mint", key.id().text(), NOW))) {
      throw new IllegalStateException("not added");
    }
    return key;
  }

  /** An audit entry of an operator. */
  public AuditEntry audit(String action, String target, long at) {
    return new AuditEntry(
        at,
        "operator",
        "opr_1",
        action,
        "thing",
        target,
        "",
        "{\"x\":1}",
        "127.0.0.1",
        new RequestId(Ulid.next(at, random)));
  }

  /** The same, with no answer to keep. */
  public Recorded recorded(String action, String target, long at) {
    return Recorded.of(audit(action, target, at));
  }

  /** Puts rows into the tables as one batch. */
  public static void commit(SqliteRowSink sink, List<RequestRow> rows) {
    JournalPosition at = sink.position();
    JournalPosition next = new JournalPosition(1, at.offset() + 1);
    if (!sink.commit(encoded(rows), at, next)) {
      throw new IllegalStateException("not taken");
    }
  }

  /** Rows as they come from the journal. */
  public static List<EncodedRow> encoded(List<RequestRow> rows) {
    return rows.stream()
        .map(row -> {
          ByteWriter out = new ByteWriter(256);
          EncodedRow.write(out, row);
          return EncodedRow.read(out.array(), 0, out.length());
        })
        .toList();
  }

  /** The view of an operator that has authenticated and reaches so far. */
  public NodeView operator(Reach reach) {
    Peppers peppers = new Peppers(Map.of("p", Secret.of(new byte[32])), "p");
    Token token = Token.generate(Token.Kind.OPERATOR, random);
    KeyIndex index = new KeyIndex();
    index.put(
        new OperatorRecord(
            "opr_2",
            "some",
            ScopeSet.of(Scope.OF_AN_OPERATOR),
            reach,
            Optional.empty(),
            NOW,
            OptionalLong.empty(),
            OptionalLong.empty(),
            peppers.verifierForOperator(token)));
    return switch (new Authenticator(index, peppers, Ticker.system())
        .authenticate(List.of(token.whole().reveal()))) {
      case Outcome.Done<Caller>(Caller.Operator caller) -> store.openNode(caller.grant());
      default -> throw new IllegalStateException("not an operator");
    };
  }

  /** The newest rows of a namespace. */
  public List<RequestRow> rows(NamespaceId of, int limit) {
    return view(of).requests(RequestQuery.newest(limit, 0));
  }

  @Override
  public void close() {
    store.close();
  }
}
