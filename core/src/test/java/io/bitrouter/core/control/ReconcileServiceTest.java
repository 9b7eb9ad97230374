package io.bitrouter.core.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.TestClock;
import io.bitrouter.core.TestRules;
import io.bitrouter.core.admission.Admission;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.store.Reconciliation;
import io.bitrouter.core.store.StoreInDoubtException;
import io.bitrouter.core.store.StoreUnavailableException;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReconcileServiceTest {

  private final TestClock clock = TestClock.at("2026-03-28T22:00:00Z");
  private final Random random = new Random(1);
  private final List<RequestRow> old =
      Stream.generate(() ->
              StubStore.row(
                  RequestId.next(clock, random),
                  new KeyId("key_gone"),
                  ChargeState.INDETERMINATE,
                  7))
          .limit(3)
          .toList();
  private final List<RequestId> ended = new ArrayList<>();

  @Test
  void aRequestThatCannotBeEndedKeepsNoLaterOneFromEnding() {
    RequestId broken = old.getFirst().requestId();
    ReconcileService service = failing(broken, new IllegalStateException("malformed"));
    assertThatThrownBy(() -> service.endOld(OperatorGrant.ofTheNodeItself()))
        .hasMessageContaining(broken.toString())
        .hasRootCauseMessage("malformed");
    assertThat(ended).containsExactly(old.get(1).requestId(), old.get(2).requestId());
  }

  @Test
  void aStoreThatDoesNotAnswerIsNotAskedForEveryRow() {
    ReconcileService service =
        failing(old.get(1).requestId(), new StoreUnavailableException("locked"));
    assertThatThrownBy(() -> service.endOld(OperatorGrant.ofTheNodeItself()))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(ended).containsExactly(old.getFirst().requestId());
  }

  /** It was taken back at once, and the budgets then lacked what the books had. */
  @Test
  void aReconciliationThatIsStoredLateCounts() {
    assertThat(lifetimeAfter(outcome -> outcome.complete(Optional.of(old.getFirst()))))
        .isEqualTo(5_000);
  }

  @Test
  void aReconciliationThatIsNotStoredAfterAllDoesNotCount() {
    assertThat(lifetimeAfter(outcome -> outcome.completeExceptionally(new SQLException("full"))))
        .isZero();
    assertThat(lifetimeAfter(outcome -> outcome.complete(Optional.empty()))).isZero();
  }

  /** What is spent, beyond what was held, after a reconciliation to 5 micro-USD that ends so. */
  private long lifetimeAfter(Consumer<CompletableFuture<Object>> end) {
    KeyRecord key = TestRules.key("one");
    CompletableFuture<Object> outcome = new CompletableFuture<>();
    RequestRow row =
        StubStore.row(RequestId.next(clock, random), key.id(), ChargeState.INDETERMINATE, 0);
    StubStore stub =
        new StubStore()
            .on("request", unused -> Optional.of(row))
            .on("key", unused -> Optional.of(key))
            .on(
                "reconcile",
                unused -> {
                  throw new StoreInDoubtException("late", outcome);
                });
    Admission admission = new Admission(clock, new Admission.Bounds(0, 0));
    ReconcileService service = new ReconcileService(stub.store(), admission, clock, random);
    Caller.Key caller =
        new Caller.Key(key, OperatorGrant.ofTheNodeItself().enter(TestRules.NAMESPACE));
    Asked<RequestRow> asked = Asked.once(new Origin(row.requestId(), ""));
    assertThatThrownBy(() -> service.reconcile(caller, row.requestId(), 5, asked))
        .isInstanceOf(StoreInDoubtException.class);
    end.accept(outcome);
    return admission.lifetimeNanos(TestRules.NAMESPACE, TestRules.whole());
  }

  private ReconcileService failing(RequestId broken, RuntimeException why) {
    StubStore stub =
        new StubStore()
            .on("indeterminate", unused -> old)
            .on("key", unused -> Optional.empty())
            .on(
                "reconcile",
                change -> {
                  RequestId id = ((Reconciliation) change[0]).request();
                  if (id.equals(broken)) {
                    throw why;
                  }
                  ended.add(id);
                  return Optional.of(old.getFirst());
                });
    return new ReconcileService(
        stub.store(), new Admission(clock, new Admission.Bounds(0, 0)), clock, random);
  }
}
