package io.bitrouter.core.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.credential.ScopeSet;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.NamespaceView;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CrossAccessLogTest {

  private static final long MINUTE = 60_000_000L;
  private static final Origin ORIGIN =
      new Origin(new RequestId(Ulid.next(1_000, new Random(1))), "10.0.0.1");

  private final List<String> written = new ArrayList<>();
  private long now = 5 * MINUTE;
  private final CrossAccessLog log = new CrossAccessLog(store(), ticker());

  @Test
  void attemptsOfAMinuteAreOneRowInTheCallersOwnLog() {
    for (int i = 0; i < 3; i++) {
      log.note(key("ns_a", "key_1"), "ns_b", ORIGIN);
    }
    log.note(key("ns_a", "key_2"), "x".repeat(100), ORIGIN);
    log.write(false);
    assertThat(written).isEmpty();

    now += MINUTE;
    log.write(false);
    assertThat(written)
        .containsExactlyInAnyOrder(
            "ns_a key_1 namespace.cross_access ns_b {\"attempts\":3}",
            "ns_a key_2 namespace.cross_access " + "x".repeat(64) + "… {\"attempts\":1}");

    written.clear();
    log.note(key("ns_a", "key_1"), "ns_c", ORIGIN);
    log.write(true);
    assertThat(written).containsExactly("ns_a key_1 namespace.cross_access ns_c {\"attempts\":1}");
    log.write(true);
    assertThat(written).hasSize(1);
  }

  @Test
  void aNamespaceWithManyKeysLeavesRoomForOthers() {
    for (int i = 0; i < 10 * CrossAccessLog.MOST_KEYS; i++) {
      log.note(key("ns_loud", "key_" + i), "ns_b", ORIGIN);
    }
    log.note(key("ns_quiet", "key_1"), "ns_loud", ORIGIN);
    log.write(true);
    assertThat(written)
        .hasSize(CrossAccessLog.MOST_KEYS + 1)
        .contains("ns_quiet key_1 namespace.cross_access ns_loud {\"attempts\":1}");
  }

  private static Caller.Key key(String namespace, String id) {
    NamespaceId in = new NamespaceId(namespace);
    KeyRecord record =
        new KeyRecord(
            in,
            new KeyId(id),
            "k",
            ScopeSet.of(List.of("usage:read")),
            List.of(),
            0,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            List.of());
    return new Caller.Key(record, OperatorGrant.ofTheNodeItself().enter(in));
  }

  private ControlStore store() {
    return proxy(
        ControlStore.class,
        arguments -> {
          NamespaceGrant grant = (NamespaceGrant) arguments[0];
          return proxy(
              NamespaceView.class,
              row -> {
                AuditEntry entry = (AuditEntry) row[0];
                written.add(
                    String.join(
                        " ",
                        grant.namespace().text(),
                        entry.actorId(),
                        entry.action(),
                        entry.targetId(),
                        entry.after()));
                return null;
              });
        });
  }

  private interface Answering {
    Object answer(Object[] arguments);
  }

  private static <T> T proxy(Class<T> type, Answering answering) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answering.answer(arguments)));
  }

  private Ticker ticker() {
    return new Ticker() {
      @Override
      public long epochMicros() {
        return now;
      }

      @Override
      public long nanos() {
        return now * 1_000;
      }
    };
  }
}
