package io.bitrouter.core.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.namespace.NamespaceId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class KeyIndexTest {

  private static final NamespaceId A = new NamespaceId("ns_a");
  private static final NamespaceId B = new NamespaceId("ns_b");

  private final KeyIndex index = new KeyIndex();

  @Test
  void aSlowChangeKeepsItsOwnNamespaceWaitingAndNoOther() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch slow = new CountDownLatch(1);
    CompletableFuture<String> first =
        apart(() ->
            index.change(
                A,
                () -> {
                  begun.countDown();
                  return waitFor(slow);
                }));
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<String> same = apart(() -> index.change(A, () -> "same"));
    CompletableFuture<String> other =
        apart(() -> index.change(B, () -> index.changeOperators(() -> "other")));
    assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo("other");
    assertThat(first).isNotDone();
    assertThat(same).isNotDone();
    slow.countDown();
    assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("waited");
    assertThat(same.get(10, TimeUnit.SECONDS)).isEqualTo("same");
  }

  private static CompletableFuture<String> apart(Supplier<String> work) {
    CompletableFuture<String> result = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> result.complete(work.get()));
    return result;
  }

  private static String waitFor(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS) ? "waited" : "gave up";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
