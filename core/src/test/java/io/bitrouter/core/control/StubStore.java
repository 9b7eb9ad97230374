package io.bitrouter.core.control;

import io.bitrouter.core.TestRules;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.NamespaceView;
import io.bitrouter.core.store.NodeView;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A store of which a test says what each method answers, whoever opens it. */
final class StubStore {

  private final Map<String, Function<Object[], Object>> answers = new HashMap<>();
  private final Map<String, AtomicInteger> calls = new HashMap<>();

  /** Says what a method answers. */
  StubStore on(String method, Function<Object[], Object> answer) {
    answers.put(method, answer);
    return this;
  }

  /** How often a method was called. */
  int calls(String method) {
    return calls.getOrDefault(method, new AtomicInteger()).get();
  }

  ControlStore store() {
    NamespaceView view = proxy(NamespaceView.class);
    NodeView node = proxy(NodeView.class);
    on("open", unused -> view);
    on("openNode", unused -> node);
    return proxy(ControlStore.class);
  }

  private <T> T proxy(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              calls
                  .computeIfAbsent(method.getName(), unused -> new AtomicInteger())
                  .incrementAndGet();
              return answers.get(method.getName()).apply(arguments);
            }));
  }

  /** A row of {@code key} that has been charged. */
  static RequestRow row(RequestId id, KeyId key, ChargeState state, long nanoUsd) {
    return new RequestRow(
        id,
        TestRules.NAMESPACE,
        key,
        key,
        Optional.empty(),
        "chat",
        Optional.empty(),
        "some",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        RequestStatus.SUCCEEDED,
        200,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        1,
        OptionalLong.empty(),
        1,
        1,
        MeasuredUsage.NONE,
        state,
        nanoUsd,
        nanoUsd / 1_000,
        "",
        RequestRow.Decision.NONE,
        1);
  }
}
