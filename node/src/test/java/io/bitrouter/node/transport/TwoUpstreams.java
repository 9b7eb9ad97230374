package io.bitrouter.node.transport;

import io.bitrouter.core.admission.Admission;
import io.bitrouter.core.admission.ConcurrencyGate;
import io.bitrouter.core.admission.DenialFold;
import io.bitrouter.core.catalog.Abilities;
import io.bitrouter.core.catalog.Catalog;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.ModelId;
import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.catalog.ProviderId;
import io.bitrouter.core.credential.Authenticator;
import io.bitrouter.core.credential.KeyIndex;
import io.bitrouter.core.credential.KeyMinter;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.credential.Peppers;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.InferencePipeline;
import io.bitrouter.core.gateway.RequestBooks;
import io.bitrouter.core.gateway.SignatureVaults;
import io.bitrouter.core.gateway.StoredResponses;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Secret;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.snapshot.NamespaceSnapshot;
import io.bitrouter.core.snapshot.SnapshotRegistry;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.JournalRecord;
import io.bitrouter.core.store.UsageJournal;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.node.edge.EdgeLimits;
import io.bitrouter.node.edge.EventLoops;
import io.bitrouter.node.edge.RawClient;
import io.bitrouter.node.edge.RunningEdge;
import io.bitrouter.wire.DialectRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The whole way of a request, with two accounts that serve the model {@code m}, by chat. */
final class TwoUpstreams implements AutoCloseable {
  private static final NamespaceId NAMESPACE = NamespaceId.of(new Ulid(1, 1));
  private static final Price PRICE = new Price(500_000, 500_000, 500_000, 500_000, 1_000_000);

  private final Ticker ticker = Ticker.system();
  private final Random random = new Random(1);
  private final Queue<JournalRecord> journal = new ConcurrentLinkedQueue<>();
  private final DialectRegistry dialects = new DialectRegistry();
  private final InferencePipeline pipeline;
  private final UpstreamClient upstreams;
  private final RunningEdge edge;
  private final String token;

  TwoUpstreams(URI one, URI two, UpstreamTimeouts timeouts) throws IOException {
    EventLoops loops = EventLoops.open(EventLoops.Transport.AUTO, 1);
    upstreams = new UpstreamClient(loops, timeouts, OnDisconnect.CANCEL, ticker);
    Peppers peppers = new Peppers(Map.of("p", Secret.of(new byte[32])), "p");
    KeyIndex index = new KeyIndex();
    KeyMinter.Minted key = key(peppers);
    index.put(key.key());
    token = key.token().whole().reveal();
    SnapshotRegistry snapshots = new SnapshotRegistry();
    snapshots.publish(NamespaceSnapshot.empty(NAMESPACE));
    pipeline =
        new InferencePipeline(
            new InferencePipeline.Parts(
                new Authenticator(index, peppers, ticker),
                new Catalog(List.of(provider("one", one), provider("two", two))),
                snapshots,
                new Admission(ticker, new Admission.Bounds(0, 0)),
                new ConcurrencyGate(8),
                new RequestBooks(new Kept(), new DenialFold(), ticker),
                upstreams,
                new SignatureVaults(ticker, random),
                new StoredResponses(
                    new StoredResponses.Parts(unused(), snapshots, peppers, ticker, random)),
                random,
                ticker));
    edge = new RunningEdge(loops, EdgeLimits.defaults(), this::serve);
  }

  private static ControlStore unused() {
    return (ControlStore)
        Proxy.newProxyInstance(
            ControlStore.class.getClassLoader(),
            new Class<?>[] {ControlStore.class},
            (proxy, method, arguments) -> {
              throw new AssertionError("no request of these needs the store");
            });
  }

  RawClient client() throws IOException {
    return edge.client();
  }

  /** Sends a request with a key. */
  void post(RawClient client, String path, String body) throws IOException {
    client.send(
        "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(path, token, body.length(), body));
  }

  /** The rows of the requests so far. */
  List<RequestRow> rows() {
    return journal.stream()
        .filter(JournalRecord.Close.class::isInstance)
        .map(closed -> ((JournalRecord.Close) closed).row())
        .toList();
  }

  @Override
  public void close() {
    upstreams.close();
    edge.close();
  }

  private void serve(ClientExchange exchange) {
    String path = exchange.path();
    Protocol protocol =
        path.contains("messages")
            ? Protocol.MESSAGES
            : path.contains("responses")
                ? Protocol.RESPONSES
                : path.contains("Content") ? Protocol.GEMINI : Protocol.CHAT;
    pipeline.serve(exchange, dialects.of(protocol));
  }

  private KeyMinter.Minted key(Peppers peppers) {
    NamespaceGrant grant = OperatorGrant.ofTheNodeItself().enter(NAMESPACE);
    Outcome<KeyMinter.Minted> minted =
        new KeyMinter(peppers, ticker, random)
            .mint(
                new KeyMinter.Parent(grant, Optional.empty(), OptionalLong.empty()),
                new KeyMinter.Wanted("k", List.of("inference:invoke"), OptionalLong.empty()));
    return ((Outcome.Done<KeyMinter.Minted>) minted).value();
  }

  private static Provider provider(String name, URI at) {
    ProviderId id = new ProviderId(name);
    Model model =
        new Model(
            new ModelId(id, "m"),
            "m",
            Optional.of(PRICE),
            "1",
            OptionalLong.empty(),
            OptionalLong.empty(),
            false,
            Abilities.UNKNOWN);
    return new Provider(
        id,
        at.resolve("/v1"),
        Optional.empty(),
        new Provider.Auth.None(),
        List.of(Protocol.CHAT),
        List.of(model),
        new Reach.Everything(),
        List.of());
  }

  private final class Kept implements UsageJournal {
    @Override
    public Appended append(List<JournalRecord> records) {
      journal.addAll(records);
      return Appended.YES;
    }

    @Override
    public boolean ready() {
      return true;
    }
  }
}
