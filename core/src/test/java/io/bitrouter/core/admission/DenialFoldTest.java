package io.bitrouter.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DenialFoldTest {

  private static final long SECOND = 1_000_000L;

  private final Random random = new Random(1);
  private final DenialFold fold = new DenialFold();

  @Test
  void afterFiftyInASecondEqualDenialsAreOneRowWithACount() {
    List<RequestRow> rows = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      rows.addAll(fold.take(denial("a", "key_1", i % 2 == 0 ? "forbidden" : "not_found"), 5));
    }
    assertThat(rows).hasSize(50);
    rows.addAll(fold.drain(SECOND));
    assertThat(rows).hasSize(52);
    assertThat(rows.stream().mapToLong(RequestRow::repeatCount).sum()).isEqualTo(1_000);
  }

  @Test
  void aNewSecondWritesWhatTheLastOneFolded() {
    for (int i = 0; i < 60; i++) {
      fold.take(denial("a", "key_1", "forbidden"), 5);
    }
    List<RequestRow> rows = fold.take(denial("a", "key_1", "forbidden"), SECOND);
    assertThat(rows).extracting(RequestRow::repeatCount).containsExactly(10L, 1L);
  }

  @Test
  void oneNamespacesFloodLeavesAnotherItsRows() {
    for (int i = 0; i < 1_000; i++) {
      fold.take(denial("a", "key_1", "forbidden"), 5);
    }
    assertThat(fold.take(denial("b", "key_2", "forbidden"), 5)).hasSize(1);
  }

  @Test
  void nothingIsDrainedBeforeItsSecondIsOver() {
    for (int i = 0; i < 51; i++) {
      fold.take(denial("a", "key_1", "forbidden"), 5);
    }
    assertThat(fold.drain(SECOND - 1)).isEmpty();
    assertThat(fold.drain(SECOND)).hasSize(1);
    assertThat(fold.drain(2 * SECOND)).isEmpty();
  }

  private RequestRow denial(String namespace, String key, String code) {
    return new RequestRow(
        new RequestId(Ulid.next(5, random)),
        new NamespaceId(namespace),
        new KeyId(key),
        new KeyId(key),
        Optional.empty(),
        "chat",
        Optional.empty(),
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        RequestStatus.DENIED,
        403,
        Optional.of(code),
        Optional.empty(),
        Optional.empty(),
        false,
        0,
        OptionalLong.empty(),
        0,
        0,
        MeasuredUsage.NONE,
        ChargeState.NOT_CHARGED,
        0,
        0,
        "",
        RequestRow.Decision.NONE,
        1);
  }
}
