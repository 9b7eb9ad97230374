package io.bitrouter.it.kill;

import io.bitrouter.it.kill.Answers.Answer;
import io.bitrouter.it.kill.Answers.Progress;
import io.bitrouter.it.kill.Books.Row;
import io.bitrouter.testkit.Bill;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Decoy;
import io.bitrouter.testkit.JavaChild;
import io.bitrouter.testkit.NodeProcess;
import io.bitrouter.testkit.NodeSetup;
import io.bitrouter.testkit.TestKey;
import io.bitrouter.testkit.UpstreamMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;

/** A node that is killed, a provider and clients that are not. Used by one thread. */
final class KillWorld implements AutoCloseable {

  /** Fewer requests in flight than this do not make a test of a crash. */
  static final int IN_FLIGHT = 32;

  /** Prices of the provider's models, see {@link NodeSetup#providersAt}, in nano-USD. */
  static final long INPUT_NANOS = 500;

  static final long OUTPUT_NANOS = 1_000;

  private static final int CONNECTIONS = 64;

  /** The moment of a kill: after up to so many answers, and up to so long after that. */
  private static final int MOST_ANSWERED = 800;

  private static final int LONGEST_PAUSE_MILLIS = 300;
  private static final int NUMBERS_PER_CYCLE = 100_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Path folder;
  private final JavaChild upstream;
  private final TestKey key;
  private final Decoy decoy;
  private final String decoyState;
  private final Budgets budgets;
  private final Map<String, Answer> answers = new LinkedHashMap<>();
  private final Set<String> known = new HashSet<>();
  private NodeProcess node;
  private int cycles;

  private KillWorld(Path folder, JavaChild upstream, NodeProcess node, Decoy decoy) {
    this.folder = folder;
    this.upstream = upstream;
    this.node = node;
    this.key = node.mint();
    this.decoy = decoy;
    this.decoyState = decoy.state();
    this.budgets = Budgets.bind(client(), key);
  }

  /** Ends an indeterminate request at what it truly cost. */
  void reconcile(Row row, long microUsd) {
    client()
        .post(
            "/v1/namespaces/me/requests/" + row.requestId() + "/reconcile",
            "{\"charge_micro_usd\":" + microUsd + "}")
        .mustBe(200);
  }

  /** Kills the node while nothing runs, and starts it again. */
  void killIdle() {
    node.kill();
    node = node.again();
  }

  /** Starts provider and node. */
  static KillWorld start() throws IOException {
    Path folder = Files.createTempDirectory("bitrouter-kill-");
    JavaChild upstream =
        JavaChild.start(
            UpstreamMain.class, List.of(folder.resolve("bill").toString(), "60", "15", "10"));
    String base = "http://127.0.0.1:" + upstream.firstLine() + "/v1";
    NodeProcess node =
        NodeProcess.start(
            NodeSetup.plain()
                .in(folder)
                .withConfiguration(NodeSetup.providersAt(base, "sk-fake-account")));
    return new KillWorld(folder, upstream, node, Decoy.plant(node, Decoy.newMarker()));
  }

  /**
   * What a cycle came to.
   *
   * @param answered requests answered in full before the kill
   * @param inFlight requests whose client had not all of the answer when the node was killed
   * @param afterMillis how long the load had run
   * @param comparison what was compared of this cycle
   */
  record Cycle(int answered, int inFlight, long afterMillis, Comparison.Result comparison) {
    boolean counts() {
      return inFlight >= IN_FLIGHT;
    }
  }

  /** Whether the strict budget was on in the cycle that a request belongs to. */
  private static boolean strict(Row row) {
    return strictCycle((int) (Answers.numberOf(row.declaredOutput()) / NUMBERS_PER_CYCLE));
  }

  private static boolean strictCycle(int cycle) {
    return cycle % 2 == 1;
  }

  /** What the budgets say wrong about all that ever happened; reads every row. */
  List<Budgets.Fault> budgetFaults() {
    return budgets.faults(client(), Books.all(client()), KillWorld::strict);
  }

  /** Puts the node under load, kills it at a random moment, starts it again and compares. */
  Cycle killOnce(RandomGenerator random) throws IOException {
    int first = ++cycles * NUMBERS_PER_CYCLE;
    Path log = folder.resolve("client-" + cycles);
    long begun = System.nanoTime();
    try (JavaChild client = load(log, first, NUMBERS_PER_CYCLE)) {
      int answered = random.nextInt(MOST_ANSWERED);
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> count(log, "end ") >= answered && inFlight(log) >= IN_FLIGHT);
      pause(random.nextLong(LONGEST_PAUSE_MILLIS));
      node.kill();
      long after = (System.nanoTime() - begun) / 1_000_000;
      client.nextLine();
      Map<String, Answer> cycle = Answers.read(log);
      int inFlight =
          (int) cycle.values().stream().filter(a -> a.progress() != Progress.COMPLETE).count();
      node = node.again();
      return new Cycle(cycle.size() - inFlight, inFlight, after, compare(cycle));
    }
  }

  /** Asks {@code count} things and waits for all answers, without a kill. */
  Comparison.Result quietly(int count) throws IOException {
    int first = ++cycles * NUMBERS_PER_CYCLE;
    Path log = folder.resolve("client-" + cycles);
    try (JavaChild client = load(log, first, count)) {
      client.nextLine();
    }
    return compare(Answers.read(log));
  }

  /** Compares everything that ever happened in this world with all the books. */
  Comparison.Result compareAll() throws IOException {
    return Comparison.of(answers, bill(), Books.all(client()), INPUT_NANOS, OUTPUT_NANOS);
  }

  /** Spend as {@code usage} says it, less the sum of the rows: 0. */
  long unexplainedMicroUsd() {
    long rows = Books.all(client()).stream().mapToLong(Row::finalChargeMicroUsd).sum();
    return Books.spendMicroUsd(client()) - rows;
  }

  /** Whether the neighbour, who did nothing, still has what it had. */
  boolean neighbourUnchanged() {
    return decoy.on(node).state().equals(decoyState);
  }

  Map<String, Answer> answers() {
    return answers;
  }

  NodeProcess node() {
    return node;
  }

  ControlClient client() {
    return client(node);
  }

  /** A client with this world's key at another node. */
  ControlClient client(NodeProcess other) {
    return other.client(key);
  }

  /** The provider's bill so far. */
  Map<String, List<Bill.Item>> bill() throws IOException {
    return Bill.read(folder.resolve("bill"));
  }

  @Override
  public void close() {
    node.close();
    upstream.close();
    NodeProcess.deleteFolder(folder);
  }

  private JavaChild load(Path log, int first, int count) throws IOException {
    budgets.enforceStrictly(client(), strictCycle(cycles));
    return JavaChild.start(
        LoadClient.class,
        List.of(
            log.toString(),
            node.endpoint().toString(),
            key.token(),
            "mk-" + cycles,
            Integer.toString(first),
            Integer.toString(CONNECTIONS),
            Integer.toString(count)));
  }

  /** Compares one cycle, as soon as the provider has noticed who left and the rows are stored. */
  private Comparison.Result compare(Map<String, Answer> cycle) throws IOException {
    Awaitility.await().atMost(PATIENCE).until(() -> !hasOpen(billOf(cycle.keySet())));
    Map<String, List<Bill.Item>> bill = billOf(cycle.keySet());
    Comparison.Result result = once(cycle, bill);
    long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    while (!result.holes().isEmpty() && System.nanoTime() < deadline) {
      pause(100);
      result = once(cycle, bill);
    }
    answers.putAll(cycle);
    Books.until(client(), Set.copyOf(known)).forEach(row -> known.add(row.requestId()));
    return result;
  }

  private Comparison.Result once(Map<String, Answer> cycle, Map<String, List<Bill.Item>> bill) {
    List<Row> rows = Books.until(client(), known);
    return Comparison.of(cycle, bill, rows, INPUT_NANOS, OUTPUT_NANOS);
  }

  private Map<String, List<Bill.Item>> billOf(Set<String> markers) throws IOException {
    Map<String, List<Bill.Item>> own = new HashMap<>(bill());
    own.keySet().retainAll(markers);
    return own;
  }

  private static boolean hasOpen(Map<String, List<Bill.Item>> bill) {
    return bill.values().stream()
        .anyMatch(items -> items.stream().anyMatch(item -> item.end() == Bill.End.OPEN));
  }

  private static int inFlight(Path log) throws IOException {
    return count(log, "sent ") - count(log, "end ");
  }

  private static int count(Path log, String start) throws IOException {
    return (int) Files.readAllLines(log).stream().filter(l -> l.startsWith(start)).count();
  }

  /** Lets time pass: the moment of the kill is what the test is about, there is no condition. */
  private static void pause(long millis) {
    Awaitility.await()
        .pollDelay(Duration.ofMillis(millis))
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofMillis(millis + 10_000))
        .until(() -> true);
  }
}
