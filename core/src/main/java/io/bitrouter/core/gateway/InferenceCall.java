package io.bitrouter.core.gateway;

import io.bitrouter.core.admission.AdmissionRequest;
import io.bitrouter.core.admission.Reservation;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.Scope;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.gateway.RequestPlanner.Plan;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.snapshot.NamespaceSnapshot;
import io.bitrouter.core.store.StoreUnavailableException;

/**
 * One authenticated inference request on its way through the node. Runs on the request's own
 * virtual thread; its ticket is settled before the client sees the last byte.
 */
final class InferenceCall {

  private final InferencePipeline pipeline;
  private final InferencePipeline.Parts parts;
  private final ClientExchange client;
  private final Dialect dialect;
  private final Caller.Key caller;
  private final Ticket ticket;
  private final CallReply reply;

  InferenceCall(
      InferencePipeline pipeline,
      ClientExchange client,
      Dialect dialect,
      Caller.Key caller,
      Ticket ticket) {
    this.pipeline = pipeline;
    this.parts = pipeline.parts();
    this.client = client;
    this.dialect = dialect;
    this.caller = caller;
    this.ticket = ticket;
    this.reply = new CallReply(client, dialect, caller, ticket);
  }

  /** Serves the request to its end. */
  void run() {
    if (!caller.grant().scopes().allows(Scope.INFERENCE_INVOKE)) {
      deny(Refusal.of(RefusalCode.FORBIDDEN, "missing required scope: " + Scope.INFERENCE_INVOKE));
      return;
    }
    NamespaceSnapshot rules = parts.snapshots().current(caller.grant());
    if (rules.suspended()) {
      deny(
          Refusal.of(
                  RefusalCode.NAMESPACE_SUSPENDED, "the node's operator has stopped this namespace")
              .withHint("ask whoever runs the node"));
      return;
    }
    switch (decode(rules)) {
      case Outcome.Refused<DecodedRequest>(Refusal refusal) -> deny(refusal);
      case Outcome.Done<DecodedRequest>(DecodedRequest request) ->
          plan(request, applicable(request, rules.effective(caller.key())));
    }
  }

  private static EffectivePolicy applicable(DecodedRequest request, EffectivePolicy policy) {
    return request.free() ? policy.withoutBudgets() : policy;
  }

  /** Refuses before anything has been sent upstream. */
  void deny(Refusal refusal) {
    reply.deny(refusal);
  }

  private Outcome<DecodedRequest> decode(NamespaceSnapshot rules) {
    long before = parts.ticker().nanos();
    Outcome<byte[]> body = client.body();
    ticket.waited(parts.ticker().nanos() - before);
    return body.then(bytes ->
        dialect
            .decode(bytes, client)
            .then(request -> rules.storesResponses() ? storing(request) : Outcome.done(request))
            .map(request -> {
              ticket.draft().decoded(request);
              return request;
            }));
  }

  private Outcome<DecodedRequest> storing(DecodedRequest request) {
    try {
      return request.storing(id -> parts.responses().find(caller.grant(), id, client::hold));
    } catch (StoreUnavailableException e) {
      return Outcome.refused(
          Refusal.of(
                  RefusalCode.STORE_UNAVAILABLE,
                  "the node's store cannot be reached, and the request goes on from a stored"
                      + " response")
              .withRetryAfter(1));
    }
  }

  private void plan(DecodedRequest request, EffectivePolicy policy) {
    switch (pipeline
        .planner()
        .plan(
            request.asked(),
            dialect.protocol(),
            caller.grant().namespace(),
            policy,
            source ->
                source.tellsAmounts(
                    caller.key(), caller.grant().scopes().allows(Scope.POLICY_READ)))) {
      case Outcome.Refused<Plan>(Refusal refusal) -> deny(refusal);
      case Outcome.Done<Plan>(Plan plan) -> admit(request, plan, policy);
    }
  }

  private void admit(DecodedRequest request, Plan plan, EffectivePolicy policy) {
    long before = parts.ticker().nanos();
    Outcome<Reservation> admitted =
        parts
            .admission()
            .admit(
                new AdmissionRequest(
                    caller.key(),
                    policy,
                    client.requestId().startedAtMicros(),
                    plan.asked().declaredOutput().orElse(0) * plan.asked().choices(),
                    plan.need(),
                    caller.grant().scopes().allows(Scope.POLICY_READ)));
    ticket.waited(parts.ticker().nanos() - before);
    switch (admitted) {
      case Outcome.Refused<Reservation>(Refusal refusal) -> deny(refusal);
      case Outcome.Done<Reservation>(Reservation reservation) -> {
        ticket.admitted(reservation);
        if (client.disconnected()) {
          // It may have waited at the door, and nothing is sent for one who is gone.
          ticket.cancelled(Ticket.CLIENT_CLOSED_REQUEST, MeasuredUsage.NONE);
        } else {
          new Dispatcher(pipeline, client, caller, ticket, reply).run(request, plan);
        }
      }
    }
  }
}
