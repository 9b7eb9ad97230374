package io.bitrouter.core.gateway;

import io.bitrouter.core.admission.Admission;
import io.bitrouter.core.admission.ConcurrencyGate;
import io.bitrouter.core.catalog.Catalog;
import io.bitrouter.core.credential.Authenticator;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.snapshot.SnapshotRegistry;
import java.util.random.RandomGenerator;

/**
 * The path of an inference request: authenticate, decode, route, admit, dispatch, pass on, settle.
 * There is no other way to an upstream. Thread-safe; each request runs on its own virtual thread.
 */
public final class InferencePipeline {

  /**
   * What the pipeline works with.
   *
   * @param authenticator tells who asks
   * @param catalog tells where a model is
   * @param snapshots the rules of each namespace
   * @param admission lets requests in, one ledger for each namespace
   * @param gate bounds what is in flight
   * @param books takes every request's row
   * @param upstream calls providers
   * @param vaults keep what providers want back
   * @param responses the answers that namespaces have stored
   * @param random spreads the pauses before another attempt
   * @param ticker tells the time
   */
  public record Parts(
      Authenticator authenticator,
      Catalog catalog,
      SnapshotRegistry snapshots,
      Admission admission,
      ConcurrencyGate gate,
      RequestBooks books,
      Upstream upstream,
      SignatureVaults vaults,
      StoredResponses responses,
      RandomGenerator random,
      Ticker ticker) {}

  private final Parts parts;
  private final TokenCeilings ceilings = new TokenCeilings();
  private final TargetHealth health;
  private final RequestPlanner planner;

  /** With its parts. */
  public InferencePipeline(Parts parts) {
    this.parts = parts;
    this.health = new TargetHealth(parts.ticker());
    this.planner =
        new RequestPlanner(parts.catalog(), new NeedEstimate(ceilings), health, parts.vaults());
  }

  Parts parts() {
    return parts;
  }

  RequestPlanner planner() {
    return planner;
  }

  TargetHealth health() {
    return health;
  }

  TokenCeilings ceilings() {
    return ceilings;
  }

  /** Serves one request that came in on {@code dialect}'s path; answers it in every case. */
  public void serve(ClientExchange client, Dialect dialect) {
    switch (parts.authenticator().authenticate(PresentedCredentials.in(client))) {
      case Outcome.Refused<Caller>(Refusal refusal) -> refuse(client, dialect, refusal);
      case Outcome.Done<Caller>(Caller.Operator operator) ->
          refuse(client, dialect, operatorMustEnter());
      case Outcome.Done<Caller>(Caller.Key key) -> serve(client, dialect, key);
    }
  }

  /** What an operator credential is told everywhere but on the operators' own routes. */
  public static Refusal operatorMustEnter() {
    return Refusal.of(RefusalCode.FORBIDDEN, "an operator credential must enter a namespace first")
        .withHint("POST /v1/node/namespaces/{id}/enter gives a key that ends within the hour");
  }

  private void serve(ClientExchange client, Dialect dialect, Caller.Key caller) {
    RequestDraft draft = new RequestDraft(client, caller.key(), dialect.protocol());
    try (Ticket ticket = new Ticket(parts.books(), draft, parts.ticker(), client.startedNanos())) {
      InferenceCall call = new InferenceCall(this, client, dialect, caller, ticket);
      if (!parts.gate().tryEnter()) {
        call.deny(
            Refusal.of(RefusalCode.NODE_OVERLOADED, "the node is at server.max_concurrency")
                .withRetryAfter(1));
        return;
      }
      try {
        call.run();
      } finally {
        parts.gate().leave();
      }
    }
  }

  private static void refuse(ClientExchange client, Dialect dialect, Refusal refusal) {
    Dialect.RenderedRefusal rendered = dialect.render(refusal, client.requestId());
    client.reply(rendered.head(), rendered.body());
  }
}
