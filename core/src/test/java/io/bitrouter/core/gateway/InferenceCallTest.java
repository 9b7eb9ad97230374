package io.bitrouter.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.TestClock;
import io.bitrouter.core.TestRules;
import io.bitrouter.core.admission.Admission;
import io.bitrouter.core.admission.ConcurrencyGate;
import io.bitrouter.core.admission.DenialFold;
import io.bitrouter.core.catalog.Catalog;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.credential.Authenticator;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyIndex;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.credential.Peppers;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Secret;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.snapshot.SnapshotRegistry;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.JournalRecord;
import io.bitrouter.core.store.UsageJournal;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/** What a request leaves behind on the ways out that are not its answer. */
class InferenceCallTest {

  private static final Model MODEL =
      Asking.model("m", Optional.of(Asking.PRICE), OptionalLong.of(100), false);
  private static final KeyRecord KEY = TestRules.key("key");

  private final TestClock clock = TestClock.at("2026-03-28T22:00:00Z");
  private final Admission admission = new Admission(clock, new Admission.Bounds(0, 0));
  private final List<JournalRecord> journal = new ArrayList<>();
  private final TestRules rules = new TestRules();

  @Test
  void nothingIsSentForAClientThatLeftBeforeItWasLetIn() {
    call(
        new Client(true),
        (request, client, waiting) -> {
          throw new AssertionError("sent for nobody");
        });
    RequestRow row = row();
    assertThat(row.status()).isEqualTo(RequestStatus.CANCELLED);
    assertThat(row.chargeNanoUsd()).isZero();
    assertThat(journal).hasSize(1);
    assertNothingIsHeld();
  }

  @Test
  void aFailureOfTheNodeAfterSendingIsChargedAtTheMostItCanHaveUsed() {
    assertThatThrownBy(() ->
            call(
                new Client(false),
                (request, client, waiting) -> {
                  throw new IllegalStateException("a defect");
                }))
        .hasMessage("a defect");
    RequestRow row = row();
    assertThat(row.status()).isEqualTo(RequestStatus.FAILED);
    assertThat(row.chargeState()).isEqualTo(ChargeState.ESTIMATED);
    assertThat(row.chargeNanoUsd()).isEqualTo(1_000 * 2_000L + 10 * 10_000L);
    assertNothingIsHeld();
  }

  /** A count that a crash or a defect cut off was kept open, and charged, at the most of a text. */
  @Test
  void whatCostsNothingHoldsAndIsChargedNothingWhateverBecomesOfIt() {
    assertThatThrownBy(() ->
            call(
                new Client(false),
                (request, client, waiting) -> {
                  throw new IllegalStateException("a defect");
                },
                true))
        .hasMessage("a defect");
    assertThat(((JournalRecord.Open) journal.getFirst()).reservedNanoUsd()).isZero();
    assertThat(row().status()).isEqualTo(RequestStatus.FAILED);
    assertThat(row().chargeState()).isEqualTo(ChargeState.NOT_CHARGED);
    assertThat(row().chargeNanoUsd()).isZero();
    assertNothingIsHeld();
  }

  private void call(ClientExchange client, Upstream upstream) {
    call(client, upstream, false);
  }

  private void call(ClientExchange client, Upstream upstream, boolean free) {
    rules.bind(
        TestRules.budget(new BudgetWindow.Total(), 1_000_000, Budget.Mode.METERED),
        TestRules.whole());
    SnapshotRegistry snapshots = new SnapshotRegistry();
    snapshots.publish(rules.snapshot());
    UsageJournal kept =
        new UsageJournal() {
          @Override
          public Appended append(List<JournalRecord> records) {
            journal.addAll(records);
            return Appended.YES;
          }

          @Override
          public boolean ready() {
            return true;
          }
        };
    Peppers peppers = new Peppers(Map.of("p", Secret.of("pepper")), "p");
    RequestBooks books = new RequestBooks(kept, new DenialFold(), clock);
    InferencePipeline pipeline =
        new InferencePipeline(
            new InferencePipeline.Parts(
                new Authenticator(new KeyIndex(), peppers, clock),
                new Catalog(List.of(Asking.provider(List.of(MODEL)))),
                snapshots,
                admission,
                new ConcurrencyGate(1),
                books,
                upstream,
                new SignatureVaults(clock, new Random(1)),
                new StoredResponses(
                    new StoredResponses.Parts(unused(), snapshots, peppers, clock, new Random(1))),
                new Random(1),
                clock));
    Caller.Key caller =
        new Caller.Key(KEY, OperatorGrant.ofTheNodeItself().enter(TestRules.NAMESPACE));
    try (Ticket ticket =
        new Ticket(books, new RequestDraft(client, KEY, Protocol.CHAT), clock, clock.nanos())) {
      new InferenceCall(pipeline, client, new Words(free), caller, ticket).run();
    }
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

  private RequestRow row() {
    return ((JournalRecord.Close) journal.getLast()).row();
  }

  private void assertNothingIsHeld() {
    assertThat(
            admission
                .standing(TestRules.NAMESPACE, rules.effective(KEY).budgets().getFirst())
                .reservedNanoUsd())
        .isZero();
  }

  /** A client that sends a body of 1,000 bytes. */
  private record Client(boolean disconnected, RequestId requestId) implements ClientExchange {

    Client(boolean disconnected) {
      this(disconnected, RequestId.next(TestClock.at("2026-03-28T22:00:00Z"), new Random(1)));
    }

    @Override
    public long startedNanos() {
      return 0;
    }

    @Override
    public String method() {
      return "POST";
    }

    @Override
    public String path() {
      return "/";
    }

    @Override
    public List<String> queries(String name) {
      return List.of();
    }

    @Override
    public List<String> queryNames() {
      return List.of();
    }

    @Override
    public HeaderFields headers() {
      return new HeaderFields() {
        @Override
        public Optional<String> first(String name) {
          return Optional.empty();
        }

        @Override
        public List<String> all(String name) {
          return List.of();
        }
      };
    }

    @Override
    public String remoteAddress() {
      return "127.0.0.1";
    }

    @Override
    public Outcome<Long> hold(long bytes) {
      return Outcome.done(bytes);
    }

    @Override
    public Outcome<byte[]> body() {
      return Outcome.done(new byte[1_000]);
    }

    @Override
    public void reply(ReplyHead head, byte[] body) {
      throw new AssertionError("answered");
    }

    @Override
    public ReplyStream startStream(ReplyHead head) {
      throw new AssertionError("answered");
    }
  }

  /** A protocol whose every request asks model m for ten tokens. */
  private record Words(boolean free) implements Dialect {

    @Override
    public Protocol protocol() {
      return Protocol.CHAT;
    }

    @Override
    public Outcome<DecodedRequest> decode(byte[] body, ClientExchange client) {
      return Outcome.done(new Decoded(Asking.text(body.length, OptionalLong.of(10), false), free));
    }

    @Override
    public RenderedRefusal render(Refusal refusal, RequestId requestId) {
      return new RenderedRefusal(
          new ReplyHead(refusal.status(), "text/plain", List.of()), new byte[0]);
    }

    @Override
    public byte[] renderInStream(Refusal refusal, RequestId requestId) {
      return new byte[0];
    }

    @Override
    public byte[] keepAlive() {
      return new byte[0];
    }
  }

  private record Decoded(AskedRequest asked, boolean free) implements DecodedRequest {

    @Override
    public Optional<String> toolsSha256() {
      return Optional.empty();
    }

    @Override
    public Outcome<Passage> toward(Target target, OptionalLong outputCap, OnBehalf onBehalf) {
      return Outcome.done(new Unanswered());
    }
  }

  private record Unanswered() implements Passage {

    @Override
    public String path() {
      return "/";
    }

    @Override
    public List<HeaderField> headers(HeaderFields client) {
      return List.of();
    }

    @Override
    public byte[] body() {
      return new byte[0];
    }

    @Override
    public boolean streamed() {
      return false;
    }

    @Override
    public String streamType() {
      return "text/event-stream";
    }

    @Override
    public StreamTap tap(ToLongFunction<MeasuredUsage> costNanos) {
      throw new AssertionError("no upstream answers");
    }

    @Override
    public WholeAnswer whole(byte[] upstreamBody) {
      throw new AssertionError("no upstream answers");
    }

    @Override
    public Refusal upstreamRefusal(int status, byte[] body, OptionalInt retryAfterSeconds) {
      throw new AssertionError("no upstream answers");
    }

    @Override
    public List<String> warnings() {
      return List.of();
    }
  }
}
