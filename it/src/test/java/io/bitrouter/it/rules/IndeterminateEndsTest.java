package io.bitrouter.it.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.admission.Admission;
import io.bitrouter.core.control.Asked;
import io.bitrouter.core.control.Origin;
import io.bitrouter.core.control.ReconcileService;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.credential.ScopeSet;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.Principal;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.AuditRow;
import io.bitrouter.core.store.AuditSigner;
import io.bitrouter.core.store.JournalRecord;
import io.bitrouter.core.store.NamespaceView;
import io.bitrouter.core.store.Recorded;
import io.bitrouter.core.store.UsageQuery;
import io.bitrouter.core.store.UsageTotals;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.store.Books;
import io.bitrouter.store.journal.JournalSettings;
import io.bitrouter.testkit.FakeTicker;
import io.bitrouter.wire.policy.PolicySpecs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request that a crash left open is ended by the node itself a day later. */
class IndeterminateEndsTest {

  private static final OperatorGrant NODE = OperatorGrant.ofTheNodeItself();
  private static final NamespaceId NAMESPACE = NamespaceId.of(new Ulid(1, 1));
  private static final long HELD_NANO_USD = 1_234_567;

  private final FakeTicker ticker = FakeTicker.atNewYear();
  private final Random random = new Random(1);
  private final KeyRecord key =
      new KeyRecord(
          NAMESPACE,
          KeyId.of(new Ulid(2, 2)),
          "key",
          ScopeSet.of(List.of()),
          List.of(),
          ticker.epochMicros(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          List.of());

  @TempDir private Path home;

  @Test
  void afterADayItIsEstimatedAtWhatItHeldAndAnAuditRowSaysSo() {
    RequestId id = RequestId.next(ticker, random);
    crashWith(id);
    try (Books books = open()) {
      NamespaceView view = books.store().open(NODE.enter(NAMESPACE));
      Admission admission = new Admission(ticker, new Admission.Bounds(0, 0));
      admission.book(key, ticker.epochMicros(), HELD_NANO_USD);
      ReconcileService service = new ReconcileService(books.store(), admission, ticker, random);
      UsageTotals before = usage(view);

      ticker.advance(Duration.ofDays(1).minusSeconds(1));
      service.endOld(NODE);
      assertThat(view.request(id).map(RequestRow::chargeState)).hasValue(ChargeState.INDETERMINATE);
      assertThat(view.audit(10, Long.MAX_VALUE)).hasSize(2);

      ticker.advance(Duration.ofSeconds(2));
      service.endOld(NODE);
      service.endOld(NODE);
      RequestRow ended = view.request(id).orElseThrow();
      assertThat(ended.chargeState()).isEqualTo(ChargeState.ESTIMATED);
      assertThat(ended.chargeNanoUsd()).isEqualTo(HELD_NANO_USD);
      List<AuditRow> audit = view.audit(10, Long.MAX_VALUE);
      assertThat(audit).hasSize(3);
      AuditEntry entry = audit.getFirst().entry();
      assertThat(entry.actorKind() + " " + entry.action() + " " + entry.targetId())
          .isEqualTo("node request.reconcile " + id);
      assertThat(entry.before()).contains("indeterminate", "1234567");
      assertThat(entry.after()).contains("estimated", "1234567");
      assertThat(view.verifyAudit().ok()).isTrue();
      assertThat(usage(view)).isEqualTo(before);
      assertThat(admission.lifetimeNanos(NAMESPACE, Principal.of(NAMESPACE)))
          .isEqualTo(HELD_NANO_USD);
    }
  }

  @Test
  void reconciledItCostsWhatItTrulyCostInRowsUsageAndBudgetsAlike() {
    RequestId id = RequestId.next(ticker, random);
    crashWith(id);
    try (Books books = open()) {
      NamespaceView view = books.store().open(NODE.enter(NAMESPACE));
      Admission admission = new Admission(ticker, new Admission.Bounds(0, 0));
      admission.book(key, ticker.epochMicros(), HELD_NANO_USD);
      ReconcileService service = new ReconcileService(books.store(), admission, ticker, random);
      Caller.Key caller = new Caller.Key(key, NODE.enter(NAMESPACE));
      Asked<RequestRow> asked = Asked.once(new Origin(id, ""));

      assertThat(service.reconcile(caller, id, 1_000, asked)).isInstanceOf(Outcome.Done.class);
      RequestRow ended = view.request(id).orElseThrow();
      assertThat(ended.chargeState()).isEqualTo(ChargeState.COMPUTED);
      assertThat(ended.chargeNanoUsd()).isEqualTo(1_000_000);
      assertThat(usage(view).spendMicroUsd()).isEqualTo(1_000);
      for (Principal principal : List.of(Principal.of(key.id()), Principal.of(NAMESPACE))) {
        assertThat(admission.lifetimeNanos(NAMESPACE, principal)).isEqualTo(1_000_000);
      }
      assertThat(service.reconcile(caller, id, 0, asked)).isInstanceOf(Outcome.Refused.class);
      assertThat(admission.lifetimeNanos(NAMESPACE, Principal.of(NAMESPACE))).isEqualTo(1_000_000);
    }
  }

  /** A node that has sent a request when it dies. */
  private void crashWith(RequestId id) {
    try (Books books = open()) {
      books
          .store()
          .openNode(NODE)
          .createNamespace(
              new Namespace(NAMESPACE, Namespace.NODE_OWNER, "default", ticker.epochMicros()),
              audit("namespace.create"));
      books.store().open(NODE.enter(NAMESPACE)).addKey(key, audit("key.mint"));
      books
          .journal()
          .append(
              List.of(
                  new JournalRecord.Open(
                      id,
                      NAMESPACE,
                      key.id(),
                      key.id(),
                      Optional.empty(),
                      "chat",
                      "fake-chat",
                      false,
                      HELD_NANO_USD,
                      RequestRow.Decision.NONE),
                  new JournalRecord.Dispatch(
                      id, 1, "fakeai", "fakeai/fake-chat", "fake-chat", "chat", "")));
    }
  }

  private Books open() {
    return Books.open(home, JournalSettings.DEFAULT, ticker, new PolicySpecs(), new Stamp());
  }

  private UsageTotals usage(NamespaceView view) {
    return view.usage(
        UsageQuery.of(0, ticker.epochMicros() + Duration.ofDays(7).toNanos() / 1_000));
  }

  private Recorded audit(String action) {
    return Recorded.of(
        new AuditEntry(
            ticker.epochMicros(),
            "node",
            "node",
            action,
            "test",
            "x",
            "",
            "",
            "",
            RequestId.next(ticker, random)));
  }

  /** Signs with a plain copy: whose signature it is, is not what is tried here. */
  private static final class Stamp implements AuditSigner {
    @Override
    public byte[] sign(byte[] message) {
      return message.clone();
    }

    @Override
    public boolean verifies(byte[] message, byte[] signature) {
      return Arrays.equals(message, signature);
    }

    @Override
    public byte[] publicKey() {
      return new byte[32];
    }
  }
}
