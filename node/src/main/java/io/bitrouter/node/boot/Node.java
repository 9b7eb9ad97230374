package io.bitrouter.node.boot;

import io.bitrouter.core.admission.Admission;
import io.bitrouter.core.admission.ConcurrencyGate;
import io.bitrouter.core.admission.DenialFold;
import io.bitrouter.core.catalog.Catalog;
import io.bitrouter.core.control.BlastRadiusService;
import io.bitrouter.core.control.BudgetService;
import io.bitrouter.core.control.CrossAccessLog;
import io.bitrouter.core.control.KeyService;
import io.bitrouter.core.control.NamespaceService;
import io.bitrouter.core.control.OperatorService;
import io.bitrouter.core.control.PolicyService;
import io.bitrouter.core.control.ReconcileService;
import io.bitrouter.core.control.SettingsService;
import io.bitrouter.core.credential.Authenticator;
import io.bitrouter.core.credential.KeyMinter;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.credential.OperatorMinter;
import io.bitrouter.core.credential.Peppers;
import io.bitrouter.core.gateway.InferencePipeline;
import io.bitrouter.core.gateway.RequestBooks;
import io.bitrouter.core.gateway.SignatureVaults;
import io.bitrouter.core.gateway.StoredResponses;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.snapshot.SnapshotRegistry;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.NodeView;
import io.bitrouter.core.store.Recorded;
import io.bitrouter.core.store.StoreUnavailableException;
import io.bitrouter.node.config.ConfigException;
import io.bitrouter.node.config.ConfigFile;
import io.bitrouter.node.config.NodeConfig;
import io.bitrouter.node.edge.EdgeServer;
import io.bitrouter.node.edge.EventLoops;
import io.bitrouter.node.http.Api;
import io.bitrouter.node.http.Readiness;
import io.bitrouter.node.http.Route;
import io.bitrouter.node.provider.Providers;
import io.bitrouter.node.simulator.SimulatorServer;
import io.bitrouter.node.transport.UpstreamClient;
import io.bitrouter.store.Books;
import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.NodeFile;
import io.bitrouter.wire.policy.PolicySpecs;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: wired in order by {@link #start}, closed in reverse. Nothing else wires anything.
 */
public final class Node implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private final NodeOptions options;
  private final Ticker ticker = Ticker.system();
  private final SecureRandom random = new SecureRandom();

  /** For request ids, which need to be different and not secret; a strong source costs a lock. */
  private final RandomGenerator requestIds = () -> ThreadLocalRandom.current().nextLong();

  private final Deque<Closing> closings = new ArrayDeque<>();

  private List<Route> routes = List.of();
  private URI endpoint = URI.create("http://127.0.0.1");
  private URI adminEndpoint = URI.create("http://127.0.0.1");

  /** Releases one thing; must not throw. */
  @FunctionalInterface
  private interface Closing {
    void close();
  }

  private Node(NodeOptions options) {
    this.options = options;
  }

  /**
   * Starts a node and returns once it serves requests.
   *
   * @throws StartException with a sentence for the person at the terminal; nothing is left open
   */
  public static Node start(NodeOptions options) throws StartException {
    Node node = new Node(options);
    try {
      node.open();
      return node;
    } catch (ConfigException | IOException e) {
      node.close();
      throw new StartException(String.valueOf(e.getMessage()), e);
    } catch (StoreUnavailableException e) {
      node.close();
      throw new StartException("the store cannot be opened: " + e.getMessage(), e);
    } catch (StartException | RuntimeException e) {
      node.close();
      throw e;
    }
  }

  /** Where clients connect. */
  public URI endpoint() {
    return endpoint;
  }

  /** Where health is asked for. */
  public URI adminEndpoint() {
    return adminEndpoint;
  }

  /** The route table it serves. */
  public List<Route> routes() {
    return routes;
  }

  private void open() throws StartException, ConfigException, IOException {
    ServeArguments arguments = ServeArguments.parse(options.arguments());
    NodeHome home = NodeHome.take(options.home(), arguments.patience());
    closings.push(home::close);
    warm(Books::warm);
    NodeConfig config = config(home, arguments);
    NodeLogging.start(home.folder().resolve("logs"), config.logLevel().name());
    warm(Node::loadLibraries);

    Providers configured = Providers.from(config, options.environment());
    AuditKey auditKey = AuditKey.of(home);
    Books books = books(home, config, auditKey);
    HomeSecrets secrets = new HomeSecrets(home, random, ticker);
    NodeView node = books.store().openNode(OperatorGrant.ofTheNodeItself());
    Peppers peppers = secrets.peppers(node);
    secrets.rootOperator(node, peppers);
    firstNamespace(node);
    StoredState state = StoredState.load(node, ticker, config.admission());

    EventLoops loops = EventLoops.open(config.server().transport(), Settings.loopThreads());
    closings.push(loops::close);
    Providers providers = routable(configured, config, loops);
    RequestBooks requestBooks = new RequestBooks(books.journal(), new DenialFold(), ticker);
    Authenticator authenticator = new Authenticator(state.index(), peppers, ticker);
    StoredResponses responses =
        new StoredResponses(
            new StoredResponses.Parts(books.store(), state.snapshots(), peppers, ticker, random));
    SignatureVaults vaults = new SignatureVaults(ticker, random);
    Kept kept = new Kept(state, requestBooks, responses, vaults);
    InferencePipeline pipeline =
        pipeline(config, authenticator, providers.catalog(), kept, upstream(config, loops));
    Api.Services services = services(books.store(), kept, providers.catalog(), peppers);
    BackgroundTasks tasks =
        new BackgroundTasks(
            new BackgroundTasks.Parts(
                books.store(), state, requestBooks, responses, vaults, services, ticker));
    closings.push(tasks::close);
    closings.push(() -> tell(authenticator, state.admission()));
    Api api =
        new Api(
            new Api.Parts(
                authenticator,
                pipeline,
                responses,
                services,
                books.store(),
                providers.catalog(),
                state.snapshots(),
                auditKey,
                () -> readiness(books, requestBooks),
                ticker,
                random,
                options.version()));
    routes = api.router().routes();
    listen(config, loops, api);
    announce(home);
    LOG.info("BitRouter {} serves {} with {}", options.version(), endpoint, loops.transportName());
    providers.warnings().forEach(LOG::warn);
  }

  private NodeConfig config(NodeHome home, ServeArguments arguments) throws ConfigException {
    return ConfigFile.load(
        home.folder().resolve("bitrouter.yaml"),
        options.environment(),
        new ConfigFile.Overrides(arguments.listen()));
  }

  /**
   * Has what is slow to load at hand by the time a start needs it; what fails fails again there.
   */
  private static void warm(Runnable loading) {
    Thread.ofPlatform()
        .daemon()
        .name("warming")
        .start(() -> {
          try {
            loading.run();
          } catch (RuntimeException | LinkageError e) {
            LOG.debug("something could not be loaded ahead", e);
          }
        });
  }

  private static void loadLibraries() {
    EventLoops.warm();
    try {
      SSLContext unused = SSLContext.getDefault();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("there is no default for TLS", e);
    }
    byte[] unusedToo = ControlJson.bytes(new NodeFile(0, Instant.EPOCH, "", "", "", ""));
  }

  private static Readiness readiness(Books books, RequestBooks requests) {
    return new Readiness(books.store().ready(), books.journal().ready(), requests.refusedRows());
  }

  private Books books(NodeHome home, NodeConfig config, AuditKey auditKey) {
    Books books = Books.open(home.folder(), config.journal(), ticker, new PolicySpecs(), auditKey);
    closings.push(books::close);
    return books;
  }

  /** What requests are judged by, and what is kept of them. */
  private record Kept(
      StoredState state, RequestBooks books, StoredResponses responses, SignatureVaults vaults) {}

  private InferencePipeline pipeline(
      NodeConfig config,
      Authenticator authenticator,
      Catalog catalog,
      Kept kept,
      UpstreamClient upstream) {
    return new InferencePipeline(
        new InferencePipeline.Parts(
            authenticator,
            catalog,
            kept.state().snapshots(),
            kept.state().admission(),
            new ConcurrencyGate(config.server().maxConcurrency()),
            kept.books(),
            upstream,
            kept.vaults(),
            kept.responses(),
            requestIds,
            ticker));
  }

  private Api.Services services(ControlStore store, Kept kept, Catalog catalog, Peppers peppers) {
    StoredState state = kept.state();
    SnapshotRegistry rules = state.snapshots();
    Admission admission = state.admission();
    KeyService keys =
        new KeyService(store, state.index(), new KeyMinter(peppers, ticker, random), ticker);
    return new Api.Services(
        keys,
        new NamespaceService(
            new NamespaceService.Parts(store, state.index(), rules, admission, ticker, random)),
        new PolicyService(
            new PolicyService.Parts(
                store, rules, admission, catalog, new PolicySpecs(), ticker, random)),
        new BudgetService(store, rules, admission, ticker),
        new BlastRadiusService(
            new BlastRadiusService.Parts(keys, store, rules, catalog, admission, ticker)),
        new OperatorService(
            store, state.index(), new OperatorMinter(peppers, ticker, random), ticker),
        new ReconcileService(store, admission, ticker, random),
        new SettingsService(store, rules, kept.responses()::forgetWaiting, ticker),
        new CrossAccessLog(store, ticker));
  }

  private UpstreamClient upstream(NodeConfig config, EventLoops loops) {
    UpstreamClient upstream =
        new UpstreamClient(
            loops, config.upstream().timeouts(), config.upstream().onDisconnect(), ticker);
    closings.push(upstream::close);
    return upstream;
  }

  /** A new store begins with one namespace, so that there is something to work in. */
  private void firstNamespace(NodeView node) {
    if (node.namespaces().isEmpty()) {
      long now = ticker.epochMicros();
      Namespace first =
          new Namespace(
              NamespaceId.of(Ulid.next(now, random)), Namespace.NODE_OWNER, "default", now);
      node.createNamespace(
          first,
          Recorded.of(
              AuditEntry.byNode(
                      now,
                      "namespace.create",
                      "namespace",
                      first.id().text(),
                      RequestId.next(ticker, random))
                  .after("{\"name\":\"default\"}")));
    }
  }

  private Providers routable(Providers configured, NodeConfig config, EventLoops loops)
      throws IOException {
    if (!configured.wantSimulator(config)) {
      return configured;
    }
    SimulatorServer server = SimulatorServer.start(loops, ticker, requestIds);
    closings.push(server::close);
    return configured.withSimulator(server.base());
  }

  private void listen(NodeConfig config, EventLoops loops, Api api) throws IOException {
    EdgeServer admin =
        new EdgeServer(loops, config.limits(), ticker, requestIds, api.admin()::serve);
    closings.push(() -> admin.close(Duration.ofSeconds(1)));
    EdgeServer main =
        new EdgeServer(loops, config.limits(), ticker, requestIds, api.router()::serve);
    closings.push(() -> main.close(config.server().drain()));
    InetSocketAddress adminBound =
        admin.start(Settings.address(config.server().adminListen()), Optional.empty());
    InetSocketAddress bound =
        main.start(Settings.address(config.server().listen()), Settings.tls(config));
    adminEndpoint = Settings.uri("http", config.server().adminListen(), adminBound);
    endpoint = Settings.uri(Settings.scheme(config), config.server().listen(), bound);
  }

  /** The last word of an orderly end: what the requests of this run had to pass. */
  private static void tell(Authenticator authenticator, Admission admission) {
    LOG.info(
        "since the start: {} authentications, {} reservations, {} rate decisions",
        authenticator.authentications(),
        admission.reservations(),
        admission.rateDecisions());
  }

  private void announce(NodeHome home) throws IOException {
    home.announce(
        new NodeFile(
            ProcessHandle.current().pid(),
            Instant.now(),
            endpoint.toString(),
            adminEndpoint.toString(),
            home.folder().toString(),
            options.version()));
    closings.push(home::withdraw);
  }

  /**
   * Takes no more requests, lets those in flight end for {@code server.drain_secs}, puts everything
   * on the books and releases the home. Safe to call again.
   */
  @Override
  public synchronized void close() {
    while (!closings.isEmpty()) {
      try {
        closings.pop().close();
      } catch (RuntimeException e) {
        LOG.error("something could not be closed", e);
      }
    }
  }
}
