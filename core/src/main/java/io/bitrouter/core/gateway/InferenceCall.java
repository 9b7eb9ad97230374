package io.bitrouter.core.gateway;

import io.bitrouter.core.admission.AdmissionRequest;
import io.bitrouter.core.admission.Reservation;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.Scope;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.core.gateway.RequestPlanner.Plan;
import io.bitrouter.core.gateway.Upstream.Collected;
import io.bitrouter.core.gateway.Upstream.Pumped;
import io.bitrouter.core.gateway.Upstream.Sent;
import io.bitrouter.core.gateway.Upstream.UpstreamFailure;
import io.bitrouter.core.gateway.Upstream.UpstreamReply;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.snapshot.NamespaceSnapshot;
import io.bitrouter.core.usage.RequestRow;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One authenticated inference request on its way through the node. Runs on the request's own
 * virtual thread; its ticket is settled before the client sees the last byte.
 */
final class InferenceCall {

  /** Most bytes of an upstream's whole answer. */
  private static final int LARGEST_ANSWER = 64 << 20;

  private static final String EVENT_STREAM = "text/event-stream";

  /** Most bytes of an upstream's error that are read. */
  private static final int LARGEST_ERROR = 64 << 10;

  /** Tells a person who reads the stream why it ends; clients pass over comments. */
  private static final byte[] CUT_WARNING =
      ": x-bitrouter-warnings: budget_exceeded\n\n".getBytes(StandardCharsets.US_ASCII);

  private final InferencePipeline pipeline;
  private final InferencePipeline.Parts parts;
  private final ClientExchange client;
  private final Dialect dialect;
  private final Caller.Key caller;
  private final Ticket ticket;

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
    switch (decode()) {
      case Outcome.Refused<DecodedRequest>(Refusal refusal) -> deny(refusal);
      case Outcome.Done<DecodedRequest>(DecodedRequest request) ->
          plan(request, rules.effective(caller.key()));
    }
  }

  /** Refuses before anything has been sent upstream. */
  void deny(Refusal refusal) {
    if (client.disconnected()) {
      ticket.cancelled(Ticket.CLIENT_CLOSED_REQUEST, MeasuredUsage.NONE);
      return;
    }
    ticket.denied(refusal);
    answer(refusal);
  }

  private Outcome<DecodedRequest> decode() {
    long before = parts.ticker().nanos();
    Outcome<byte[]> body = client.body();
    ticket.waited(parts.ticker().nanos() - before);
    return body.then(bytes ->
        dialect
            .decode(bytes)
            .map(request -> {
              ticket.draft().decoded(request);
              return request;
            }));
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
          dispatch(request, plan);
        }
      }
    }
  }

  private void dispatch(DecodedRequest request, Plan plan) {
    ticket.draft().routed(plan.target());
    if (!ticket.open(client.requestId(), plan.target())) {
      deny(
          Refusal.of(
                  RefusalCode.JOURNAL_UNAVAILABLE,
                  "the usage journal cannot take another request, and nothing runs off the books")
              .withRetryAfter(5));
      return;
    }
    long before = parts.ticker().nanos();
    Sent sent = parts.upstream().send(upstreamRequest(request, plan), client);
    ticket.waited(parts.ticker().nanos() - before);
    switch (sent) {
      case Sent.Failed(UpstreamFailure failure) -> unanswered(failure, request, plan.target());
      case Sent.Answered(UpstreamReply reply) -> {
        try (reply) {
          answered(request, plan, reply);
        }
      }
    }
  }

  private UpstreamRequest upstreamRequest(DecodedRequest request, Plan plan) {
    Target target = plan.target();
    Provider provider = target.provider();
    List<HeaderField> fields = new ArrayList<>(8);
    fields.add(new HeaderField("content-type", "application/json"));
    fields.add(
        new HeaderField("accept", request.asked().streamed() ? EVENT_STREAM : "application/json"));
    forward(dialect.forwardedHeaders(), fields);
    forward(provider.clientHeaders(), fields);
    for (HeaderField field : dialect.defaultHeaders()) {
      if (client.headers().first(field.name()).isEmpty()) {
        fields.add(field);
      }
    }
    provider
        .key()
        .flatMap(key -> ProviderCredential.header(provider.auth(), key))
        .ifPresent(fields::add);
    URI uri = URI.create(provider.base() + dialect.upstreamPath());
    return new UpstreamRequest(
        uri, fields, request.forUpstream(target.model().upstreamModel(), plan.outputCap()));
  }

  private void forward(List<String> names, List<HeaderField> fields) {
    for (String name : names) {
      client.headers().first(name).ifPresent(value -> fields.add(new HeaderField(name, value)));
    }
  }

  private void unanswered(UpstreamFailure failure, DecodedRequest request, Target target) {
    if (failure == UpstreamFailure.CLIENT_GONE) {
      ticket.cancelled(
          Ticket.CLIENT_CLOSED_REQUEST,
          request.asked().streamed()
              ? UsageBound.brokenOff(
                  ticket.draft().decision(), request.tap(u -> 0L).report(), target.model())
              : UsageBound.unread(ticket.draft().decision(), target.model()));
      return;
    }
    Refusal refusal = UpstreamRefusals.of(failure, target.provider().id());
    ticket.failed(refusal);
    answer(refusal);
  }

  private void answered(DecodedRequest request, Plan plan, UpstreamReply reply) {
    ticket.draft().attempted(reply.attempts());
    if (reply.status() / 100 != 2) {
      refusedUpstream(reply);
    } else if (request.asked().streamed() && isEventStream(reply.headers())) {
      stream(request, plan, reply);
    } else {
      buffered(request, plan, reply);
    }
  }

  private void refusedUpstream(UpstreamReply reply) {
    byte[] body =
        switch (reply.collect(LARGEST_ERROR)) {
          case Collected.Whole(byte[] whole) -> whole;
          case Collected.Failed failed -> new byte[0];
        };
    Refusal refusal = dialect.upstreamRefusal(reply.status(), body, retryAfter(reply.headers()));
    if (client.disconnected()) {
      ticket.cancelled(Ticket.CLIENT_CLOSED_REQUEST, MeasuredUsage.NONE);
      return;
    }
    ticket.failed(refusal);
    answer(refusal);
  }

  private void buffered(DecodedRequest request, Plan plan, UpstreamReply reply) {
    Target target = plan.target();
    long before = parts.ticker().nanos();
    Collected collected = reply.collect(LARGEST_ANSWER);
    ticket.waited(parts.ticker().nanos() - before);
    RequestRow.Decision decision = ticket.draft().decision();
    switch (collected) {
      case Collected.Failed(UpstreamFailure failure, long received)
          when failure == UpstreamFailure.CLIENT_GONE ->
          ticket.cancelled(
              Ticket.CLIENT_CLOSED_REQUEST, UsageBound.unread(decision, target.model()));
      case Collected.Failed(UpstreamFailure failure, long received) -> {
        Refusal refusal = UpstreamRefusals.of(failure, target.provider().id());
        ticket.failed(refusal, UsageBound.unread(decision, target.model()));
        answer(refusal);
      }
      case Collected.Whole(byte[] body) -> whole(request, plan, reply.status(), body);
    }
  }

  private void whole(DecodedRequest request, Plan plan, int status, byte[] body) {
    DecodedRequest.ReplyReport report = request.report(body);
    MeasuredUsage usage =
        report
            .usage()
            .orElseGet(
                () -> UsageBound.unreported(ticket.draft().decision(), report.outputBytes()));
    ticket.draft().finished(report.finishReason());
    if (client.disconnected()) {
      ticket.cancelled(Ticket.CLIENT_CLOSED_REQUEST, usage);
    } else if (!report.answered() || request.asked().streamed()) {
      // A page or an error may hold anything, the account's key too: it is not passed on.
      Refusal refusal =
          Refusal.of(
              RefusalCode.UPSTREAM_ERROR,
              "provider '"
                  + plan.target().provider().id()
                  + "' said "
                  + status
                  + " but sent an error, or something that is not "
                  + (request.asked().streamed() ? "a stream" : "an answer"));
      ticket.failed(refusal, usage);
      answer(refusal);
    } else {
      ticket.firstContent(parts.ticker().nanos());
      learn(plan, report.outputBytes(), usage);
      RequestRow row = ticket.succeeded(status, usage);
      client.reply(new ReplyHead(status, "application/json", replyFields(Optional.of(row))), body);
    }
  }

  /** Upstreams that do not say what they send are taken at their word that it went well. */
  private static boolean isEventStream(HeaderFields headers) {
    return headers
        .first("content-type")
        .map(type -> type.strip().regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length()))
        .orElse(true);
  }

  private void stream(DecodedRequest request, Plan plan, UpstreamReply reply) {
    Target target = plan.target();
    ReplyStream out =
        client.startStream(new ReplyHead(200, EVENT_STREAM, replyFields(Optional.empty())));
    StreamTap tap =
        request.tap(usage ->
            target.model().price().map(price -> price.costNanos(usage.tokens())).orElse(0L));
    long before = parts.ticker().nanos();
    Pumped pumped = reply.pump(tap, out, meter(plan, tap));
    ticket.waited(parts.ticker().nanos() - before);
    pumped.firstContentNanos().ifPresent(ticket::firstContent);
    StreamTap.StreamReport report = tap.report();
    ticket.draft().finished(report.finishReason());
    switch (pumped.end()) {
      case UPSTREAM_ENDED -> endOfStream(plan, report, out);
      case CUT -> cut(plan, tap, out);
      case UPSTREAM_BROKEN ->
          brokenStream(
              Refusal.of(RefusalCode.STREAM_TRUNCATED, "the upstream broke off its answer"),
              target,
              report,
              out);
      case UPSTREAM_TIMEOUT ->
          brokenStream(
              Refusal.of(RefusalCode.UPSTREAM_TIMEOUT, "the upstream stopped sending"),
              target,
              report,
              out);
      case CLIENT_GONE, CLIENT_GONE_DRAINED -> {
        ticket.cancelled(200, streamUsage(target, report));
        out.abort();
      }
    }
  }

  private void endOfStream(Plan plan, StreamTap.StreamReport report, ReplyStream out) {
    Target target = plan.target();
    if (report.error().isPresent()) {
      ticket.brokenOff(
          Refusal.of(RefusalCode.UPSTREAM_ERROR, report.error().get()),
          streamUsage(target, report));
      out.write(report.held());
      out.end();
    } else if (report.complete()) {
      MeasuredUsage usage = streamUsage(target, report);
      learn(plan, report.outputBytes(), usage);
      ticket.succeeded(200, usage);
      out.write(report.held());
      out.end();
    } else {
      brokenStream(
          Refusal.of(RefusalCode.STREAM_TRUNCATED, "the upstream's answer ended before its end"),
          target,
          report,
          out);
    }
  }

  /** Ends an answer for which a budget has nothing left, as one that has reached its length. */
  private void cut(Plan plan, StreamTap tap, ReplyStream out) {
    Refusal refusal =
        Refusal.of(RefusalCode.BUDGET_EXCEEDED, "a budget was spent while the answer was flowing");
    NamespaceId namespace = caller.grant().namespace();
    Model model = plan.target().model();
    MeasuredUsage usage =
        UsageBound.cut(
            tap.report(),
            plan.input(),
            pipeline.ceilings().outputPerMillionBytes(namespace, model.id()));
    ticket.cut(refusal, usage);
    out.write(CUT_WARNING);
    out.write(tap.cut(usage));
    out.end();
  }

  /** What watches a streamed answer: the budgets that gave it less than the worst case. */
  private StreamMeter meter(Plan plan, StreamTap tap) {
    Optional<Reservation> metered = ticket.reservation().filter(Reservation::metered);
    if (metered.isEmpty() || plan.target().model().hiddenReasoning()) {
      return StreamMeter.NONE;
    }
    AskedRequest asked = plan.asked();
    Model model = plan.target().model();
    NamespaceId namespace = caller.grant().namespace();
    long perMillion = pipeline.ceilings().outputPerMillionBytes(namespace, model.id());
    return new BudgetMeter(
        metered.get(),
        new BudgetMeter.Costs(
            NeedEstimate.cost(asked, model, plan.input(), 0),
            () -> tap.usage().map(MeasuredUsage::tokens).flatMap(said -> inputCost(said, model)),
            bytes -> NeedEstimate.cost(asked, model, 0, TokenCeilings.tokens(bytes, perMillion)),
            NeedEstimate.cost(asked, model, 0, NeedEstimate.TRANCHE_TOKENS)),
        ticket::holdsAnew);
  }

  /** Cost of the input that an upstream has reported; empty while it reports none. */
  private static Optional<Long> inputCost(TokenUsage said, Model model) {
    return said.promptTokens() == 0
        ? Optional.empty()
        : model.price().map(price -> price.costNanos(said.withoutOutput()));
  }

  private void learn(Plan plan, long outputBytes, MeasuredUsage usage) {
    if (usage.origin() == UsageOrigin.REPORTED) {
      pipeline.ceilings().learn(caller.grant().namespace(), plan, outputBytes, usage.tokens());
    }
  }

  private void brokenStream(
      Refusal refusal, Target target, StreamTap.StreamReport report, ReplyStream out) {
    ticket.brokenOff(refusal, streamUsage(target, report));
    out.write(dialect.renderInStream(refusal, client.requestId()));
    out.end();
  }

  /** What a stream used: its own final figures, or a bound when it broke off before them. */
  private MeasuredUsage streamUsage(Target target, StreamTap.StreamReport report) {
    boolean last = report.complete() || report.finishReason().isPresent();
    Optional<MeasuredUsage> said =
        report.usage().filter(usage -> last && usage.origin() == UsageOrigin.REPORTED);
    if (said.isPresent()) {
      return said.get();
    }
    return report.complete()
        ? UsageBound.unreported(ticket.draft().decision(), report.outputBytes())
        : UsageBound.brokenOff(ticket.draft().decision(), report, target.model());
  }

  private void answer(Refusal refusal) {
    Dialect.RenderedRefusal rendered = dialect.render(refusal, client.requestId());
    List<HeaderField> fields = new ArrayList<>(rendered.head().fields());
    fields.addAll(replyFields(Optional.empty()));
    client.reply(
        new ReplyHead(rendered.head().status(), rendered.head().contentType(), fields),
        rendered.body());
  }

  /** The headers that say what the node did. */
  private List<HeaderField> replyFields(Optional<RequestRow> settled) {
    List<HeaderField> fields = new ArrayList<>(8);
    fields.add(new HeaderField("x-bitrouter-namespace", caller.grant().namespace().text()));
    ticket
        .draft()
        .target()
        .ifPresent(target -> {
          fields.add(new HeaderField("x-bitrouter-model", target.model().id().toString()));
          fields.add(new HeaderField("x-bitrouter-provider", target.provider().id().text()));
          fields.add(
              new HeaderField("x-bitrouter-attempts", Integer.toString(ticket.draft().attempts())));
          if (target.model().price().isEmpty()) {
            fields.add(new HeaderField("x-bitrouter-warnings", "unpriced_model"));
          }
        });
    fields.add(new HeaderField("x-bitrouter-overhead-ms", millis(ticket.overheadNanos())));
    settled.ifPresent(row ->
        fields.add(
            new HeaderField(
                "x-bitrouter-cost-micro-usd", Long.toString(row.finalChargeMicroUsd()))));
    ticket.reservation().ifPresent(held -> RateFields.add(held, fields));
    return fields;
  }

  /** Milliseconds with two decimals. */
  private static String millis(long nanos) {
    long hundredths = Math.max(0, nanos / 10_000);
    long rest = hundredths % 100;
    return hundredths / 100 + (rest < 10 ? ".0" : ".") + rest;
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
