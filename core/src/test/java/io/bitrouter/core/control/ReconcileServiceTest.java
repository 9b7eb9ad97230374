package io.bitrouter.core.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.TestClock;
import io.bitrouter.core.admission.Admission;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.store.Reconciliation;
import io.bitrouter.core.store.StoreUnavailableException;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
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
