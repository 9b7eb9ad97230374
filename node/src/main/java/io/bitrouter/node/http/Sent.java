package io.bitrouter.node.http;

import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.store.KeptAnswer;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a control-plane request carries besides its path: the body, read once, and how its change is
 * to be made. Belongs to the request's own thread.
 */
final class Sent {

  private final ClientExchange exchange;
  private final boolean dryRun;
  private Optional<Outcome<byte[]>> body = Optional.empty();
  private Function<Object, Optional<KeptAnswer>> keeping = unused -> Optional.empty();

  Sent(ClientExchange exchange, boolean dryRun) {
    this.exchange = exchange;
    this.dryRun = dryRun;
  }

  /** The whole body. */
  Outcome<byte[]> body() {
    if (body.isEmpty()) {
      body = Optional.of(exchange.body());
    }
    return body.get();
  }

  /** Whether nothing is to be changed. */
  boolean dryRun() {
    return dryRun;
  }

  /** Has the answer kept: {@code seal} turns its body into what is stored. */
  void keep(Function<Object, Optional<KeptAnswer>> seal) {
    keeping = seal;
  }

  /** What is stored for the answer with this body. */
  Optional<KeptAnswer> kept(Object answer) {
    return keeping.apply(answer);
  }
}
