package io.bitrouter.node.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.node.edge.RawClient.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class EdgeCloseTest {

  @Test
  void requestsInFlightEndAndNewOnesAreNotTaken() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (RunningEdge edge =
            new RunningEdge(exchange -> {
              await().until(() -> go.getCount() == 0);
              RunningEdge.text(exchange, 200, RunningEdge.bytes("done"));
            });
        RawClient busy = edge.client();
        RawClient idle = edge.client()) {
      busy.get("/");
      await().until(() -> edge.server().inFlight() == 1);
      CompletableFuture<Void> closed =
          CompletableFuture.runAsync(() -> edge.server().close(Duration.ofSeconds(20)));
      assertThat(idle.atEnd()).isTrue();
      assertThatThrownBy(edge::client).isInstanceOf(ConnectException.class);
      assertThat(closed).isNotDone();
      go.countDown();
      Answer answer = busy.read();
      assertThat(answer.body()).isEqualTo("done");
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(busy.atEnd()).isTrue();
      closed.join();
    }
  }

  @Test
  void whatDoesNotEndIsCut() throws Exception {
    try (RunningEdge edge = new RunningEdge(exchange -> await().until(exchange::disconnected));
        RawClient client = edge.client()) {
      client.get("/");
      await().until(() -> edge.server().inFlight() == 1);
      edge.server().close(Duration.ofMillis(50));
      assertThat(client.atEnd()).isTrue();
      assertThat(edge.server().inFlight()).isZero();
    }
  }

  @Test
  void anAddressInUseIsNamed() throws IOException {
    try (RunningEdge edge = new RunningEdge(RunningEdge::echo)) {
      EdgeServer second =
          new EdgeServer(
              edge.loops(),
              EdgeLimits.defaults(),
              Ticker.system(),
              new SecureRandom(),
              RunningEdge::echo);
      InetSocketAddress taken = edge.address();
      assertThatThrownBy(() -> second.start(taken, Optional.empty()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(String.valueOf(taken.getPort()));
      edge.server().close(Duration.ofSeconds(1));
      assertThat(second.start(taken, Optional.empty()).getPort()).isEqualTo(taken.getPort());
      second.close();
    }
  }
}
