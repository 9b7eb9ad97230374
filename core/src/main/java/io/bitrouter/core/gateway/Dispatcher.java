package io.bitrouter.core.gateway;

import io.bitrouter.core.admission.Reservation;
import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.gateway.AnswerPassing.Step;
import io.bitrouter.core.gateway.RequestPlanner.Plan;
import io.bitrouter.core.gateway.Upstream.Collected;
import io.bitrouter.core.gateway.Upstream.Sent;
import io.bitrouter.core.gateway.Upstream.UpstreamFailure;
import io.bitrouter.core.gateway.Upstream.UpstreamReply;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.usage.RequestStatus;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends one admitted request, to one target after another until one answers. It goes on only while
 * the client has seen nothing of an answer; a target that nothing comes after is tried once more
 * when it has said, or shown, that it cannot just now.
 */
final class Dispatcher {

  /** Most bytes of an upstream's error that are read. */
  private static final int LARGEST_ERROR = 64 << 10;

  /** Longest that a client is kept waiting for another attempt at the same target. */
  private static final long LONGEST_PAUSE_MS = 2_000;

  private static final int LEAST_PAUSE_MS = 50;
  private static final int SPREAD_MS = 200;

  /** Time for which an account that refuses the node is passed over. */
  private static final long ACCOUNT_COOLS = TimeUnit.SECONDS.toNanos(30);

  private static final long RATE_COOLS = TimeUnit.SECONDS.toNanos(1);

  private final InferencePipeline pipeline;
  private final InferencePipeline.Parts parts;
  private final ClientExchange client;
  private final Caller.Key caller;
  private final Ticket ticket;
  private final CallReply reply;
  private final NamespaceId namespace;

  Dispatcher(
      InferencePipeline pipeline,
      ClientExchange client,
      Caller.Key caller,
      Ticket ticket,
      CallReply reply) {
    this.pipeline = pipeline;
    this.parts = pipeline.parts();
    this.client = client;
    this.caller = caller;
    this.ticket = ticket;
    this.reply = reply;
    this.namespace = caller.grant().namespace();
  }

  /** Sends the request and answers the client in every case. */
  void run(DecodedRequest request, Plan plan) {
    Step step = attempt(request, plan);
    for (Target target : plan.others()) {
      if (step instanceof Step.Failed && !client.disconnected()) {
        Plan next = pipeline.planner().toward(target, plan, namespace);
        step = affordable(next) ? other(step, request, next) : step;
      }
    }
    if (step instanceof Step.Failed(Refusal refusal, boolean untouched)
        && untouched
        && plan.others().isEmpty()
        && pause(refusal)) {
      step = attempt(request, plan);
    }
    if (step instanceof Step.Failed(Refusal refusal, boolean untouched)) {
      end(refusal);
    }
  }

  /** Tries another target; one that is not asked has nothing to tell once another has been. */
  private Step other(Step failed, DecodedRequest request, Plan next) {
    int asked = ticket.draft().attempts();
    Step step = attempt(request, next);
    boolean silent = asked > 0 && ticket.draft().attempts() == asked;
    return step instanceof Step.Failed && silent ? failed : step;
  }

  private void end(Refusal refusal) {
    if (client.disconnected()) {
      ticket.unanswered(RequestStatus.CANCELLED, Ticket.CLIENT_CLOSED_REQUEST, Optional.empty());
    } else if (ticket.opened()) {
      reply.failUnanswered(refusal);
    } else {
      reply.deny(refusal);
    }
  }

  /** Whether what is held, or can be had at once, is enough for another target. */
  private boolean affordable(Plan plan) {
    Optional<Reservation> held = ticket.reservation().filter(Reservation::metered);
    if (held.isEmpty()) {
      return true;
    }
    long missing = plan.need().wanted() - held.get().usableNanoUsd();
    if (missing <= 0) {
      return true;
    }
    return held.get().extend(0, missing) == Reservation.Extension.GRANTED
        && held.get().usableNanoUsd() >= plan.need().least();
  }

  /** Waits a little before the same target is tried again; false when that would be in vain. */
  private boolean pause(Refusal refusal) {
    long asked = refusal.retryAfterMillis().orElse(0);
    if (asked > LONGEST_PAUSE_MS || client.disconnected()) {
      return false;
    }
    long millis = asked + LEAST_PAUSE_MS + parts.random().nextInt(SPREAD_MS);
    long before = parts.ticker().nanos();
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    ticket.waited(parts.ticker().nanos() - before);
    return !client.disconnected();
  }

  private Step attempt(DecodedRequest request, Plan plan) {
    OnBehalf onBehalf =
        new OnBehalf(
            client.requestId(),
            parts.vaults().of(namespace),
            name -> parts.authenticator().pseudonym(namespace, name));
    return switch (request.toward(plan.target(), plan.outputCap(), onBehalf)) {
      case Outcome.Refused<Passage>(Refusal refusal) -> new Step.Failed(refusal, false);
      case Outcome.Done<Passage>(Passage passage) -> send(request, plan, passage);
    };
  }

  private Step send(DecodedRequest request, Plan plan, Passage passage) {
    Target target = plan.target();
    boolean known = passage.known().isPresent();
    if (!known && !pipeline.health().admits(namespace, target)) {
      return new Step.Failed(
          Refusal.of(
                  RefusalCode.UPSTREAM_UNAVAILABLE,
                  "provider '" + target.provider().id() + "' has failed repeatedly")
              .withRetryAfter(5),
          false);
    }
    ticket.draft().routed(target);
    if (known) {
      reply.warn(passage.warnings());
      reply.answer(200, ticket.succeeded(200, MeasuredUsage.NONE), passage.known().get());
      return Step.SETTLED;
    }
    if (!(ticket.opened() ? ticket.goesOn(target) : ticket.open(target))) {
      return new Step.Failed(
          Refusal.of(
                  RefusalCode.JOURNAL_UNAVAILABLE,
                  "the usage journal cannot take another request, and nothing runs off the books")
              .withRetryAfter(5),
          false);
    }
    reply.warn(passage.warnings());
    Optional<ClientStream> waiting =
        request.asked().streamed() ? Optional.of(reply.stream(passage)) : Optional.empty();
    long before = parts.ticker().nanos();
    Sent sent = parts.upstream().send(upstreamRequest(target, passage), client, waiting);
    ticket.waited(parts.ticker().nanos() - before);
    return switch (sent) {
      case Sent.Failed(UpstreamFailure failure) -> unanswered(failure, plan, passage);
      case Sent.Answered(UpstreamReply answer) -> {
        try (answer) {
          yield answered(request, plan, passage, answer);
        }
      }
    };
  }

  private UpstreamRequest upstreamRequest(Target target, Passage passage) {
    Provider provider = target.provider();
    List<HeaderField> fields = new ArrayList<>(8);
    fields.add(new HeaderField("content-type", "application/json"));
    fields.add(
        new HeaderField("accept", passage.streamed() ? "text/event-stream" : "application/json"));
    fields.addAll(passage.headers(client.headers()));
    for (String name : provider.clientHeaders()) {
      client.headers().first(name).ifPresent(value -> fields.add(new HeaderField(name, value)));
    }
    provider
        .key()
        .flatMap(key -> ProviderCredential.header(provider.auth(), key))
        .ifPresent(fields::add);
    return new UpstreamRequest(
        URI.create(provider.base() + passage.path()), fields, passage.body());
  }

  private Step unanswered(UpstreamFailure failure, Plan plan, Passage passage) {
    Target target = plan.target();
    if (failure == UpstreamFailure.CLIENT_GONE) {
      ticket.cancelled(
          Ticket.CLIENT_CLOSED_REQUEST,
          passage.streamed()
              ? UsageBound.brokenOff(
                  ticket.draft().decision(), passage.tap(u -> 0L).report(), target.model())
              : UsageBound.unread(ticket.draft().decision(), target.model()));
      return Step.SETTLED;
    }
    pipeline.health().failed(namespace, target);
    return new Step.Failed(
        UpstreamRefusals.of(failure, target.provider().id()),
        failure == UpstreamFailure.UNREACHABLE);
  }

  private Step answered(DecodedRequest request, Plan plan, Passage passage, UpstreamReply answer) {
    ticket.draft().repeated(answer.attempts() - 1);
    if (answer.status() / 100 != 2) {
      return refused(plan.target(), passage, answer);
    }
    AnswerPassing passing = new AnswerPassing(pipeline, client, caller, ticket, reply);
    Step step = passing.pass(new AnswerPassing.Answer(request, plan, passage), answer);
    if (step instanceof Step.Failed) {
      pipeline.health().failed(namespace, plan.target());
    } else {
      pipeline.health().answered(namespace, plan.target());
    }
    return step;
  }

  private Step refused(Target target, Passage passage, UpstreamReply answer) {
    byte[] body =
        switch (answer.collect(LARGEST_ERROR)) {
          case Collected.Whole(byte[] whole) -> whole;
          case Collected.Failed failed -> new byte[0];
        };
    OptionalInt retryAfter = retryAfter(answer.headers());
    Refusal refusal = passage.upstreamRefusal(answer.status(), body, retryAfter);
    TargetHealth health = pipeline.health();
    switch (refusal.code()) {
      case UPSTREAM_CREDENTIAL -> health.cools(namespace, target, ACCOUNT_COOLS);
      case UPSTREAM_REJECTED -> {
        if (refusal.status() == 429 || refusal.status() == 529) {
          long cooling =
              retryAfter.isPresent() ? retryAfter.getAsInt() * 1_000_000_000L : RATE_COOLS;
          health.cools(namespace, target, cooling);
        } else {
          health.answered(namespace, target);
          end(refusal);
          return Step.SETTLED;
        }
      }
      default -> health.failed(namespace, target);
    }
    boolean again = answer.status() == 503 || answer.status() == 529;
    return new Step.Failed(refusal, again);
  }

  private static OptionalInt retryAfter(HeaderFields headers) {
    Optional<String> value =
        headers
            .first("retry-after")
            .filter(text -> text.length() <= 6 && text.chars().allMatch(c -> c >= '0' && c <= '9'))
            .filter(text -> !text.isEmpty());
    return value.isPresent() ? OptionalInt.of(Integer.parseInt(value.get())) : OptionalInt.empty();
  }
}
