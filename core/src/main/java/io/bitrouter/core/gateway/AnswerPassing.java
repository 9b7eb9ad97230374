package io.bitrouter.core.gateway;

import io.bitrouter.core.admission.Reservation;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.core.gateway.RequestPlanner.Plan;
import io.bitrouter.core.gateway.Upstream.Collected;
import io.bitrouter.core.gateway.Upstream.Pumped;
import io.bitrouter.core.gateway.Upstream.UpstreamFailure;
import io.bitrouter.core.gateway.Upstream.UpstreamReply;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.usage.RequestRow;
import java.util.List;
import java.util.Optional;

/** Passes one upstream's answer on to the client and settles the request. */
final class AnswerPassing {

  /** Most bytes of an upstream's whole answer. */
  private static final int LARGEST_ANSWER = 64 << 20;

  private static final String EVENT_STREAM = "text/event-stream";

  /** Tells a person who reads the stream why it ends; clients pass over comments. */
  private static final String CUT_WARNING = "x-bitrouter-warnings: budget_exceeded";

  private final InferencePipeline pipeline;
  private final InferencePipeline.Parts parts;
  private final ClientExchange client;
  private final Ticket ticket;
  private final CallReply reply;
  private final Caller.Key caller;
  private final NamespaceId namespace;

  /** How an attempt went. */
  sealed interface Step {
    /** The request is settled and the client answered. */
    Step SETTLED = new Settled();

    /** See {@link #SETTLED}. */
    record Settled() implements Step {}

    /**
     * The client has seen nothing of an answer; another may answer.
     *
     * @param untouched whether the same target may be asked again
     */
    record Failed(Refusal refusal, boolean untouched) implements Step {}
  }

  /** What is being answered. */
  record Answer(DecodedRequest request, Plan plan, Passage passage) {
    AskedRequest asked() {
      return request.asked();
    }

    Target target() {
      return plan.target();
    }
  }

  AnswerPassing(
      InferencePipeline pipeline,
      ClientExchange client,
      Caller.Key caller,
      Ticket ticket,
      CallReply reply) {
    this.pipeline = pipeline;
    this.parts = pipeline.parts();
    this.client = client;
    this.ticket = ticket;
    this.reply = reply;
    this.caller = caller;
    this.namespace = caller.grant().namespace();
  }

  /** Passes a 2xx answer on. */
  Step pass(Answer answer, UpstreamReply from) {
    boolean events = answer.passage().streamed() && isEventStream(from.headers());
    return events && answer.asked().streamed()
        ? stream(answer, from)
        : buffered(answer, from, events == answer.passage().streamed());
  }

  /** Upstreams that do not say what they send are taken at their word that it went well. */
  private static boolean isEventStream(HeaderFields headers) {
    return headers
        .first("content-type")
        .map(type -> type.strip().regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length()))
        .orElse(true);
  }

  private Step buffered(Answer answer, UpstreamReply from, boolean ofTheRightKind) {
    Target target = answer.target();
    long before = parts.ticker().nanos();
    Collected collected = from.collect(LARGEST_ANSWER);
    ticket.waited(parts.ticker().nanos() - before);
    RequestRow.Decision decision = ticket.draft().decision();
    return switch (collected) {
      case Collected.Failed(UpstreamFailure failure, long received)
          when failure == UpstreamFailure.CLIENT_GONE -> {
        ticket.cancelled(Ticket.CLIENT_CLOSED_REQUEST, UsageBound.unread(decision, target.model()));
        yield Step.SETTLED;
      }
      case Collected.Failed(UpstreamFailure failure, long received) -> {
        ticket.usedAtMost(UsageBound.unread(decision, target.model()));
        yield new Step.Failed(UpstreamRefusals.of(failure, target.provider().id()), false);
      }
      case Collected.Whole(byte[] body) -> whole(answer, from.status(), body, ofTheRightKind);
    };
  }

  private Step whole(Answer answer, int status, byte[] body, boolean ofTheRightKind) {
    Passage.WholeAnswer report = answer.passage().whole(body);
    MeasuredUsage usage =
        report
            .usage()
            .orElseGet(
                () -> UsageBound.unreported(ticket.draft().decision(), report.outputBytes()));
    ticket.draft().finished(report.finishReason());
    if (client.disconnected()) {
      ticket.cancelled(Ticket.CLIENT_CLOSED_REQUEST, usage);
    } else if (!report.answered() || !ofTheRightKind || answer.asked().streamed()) {
      // A page or an error may hold anything, the account's key too: it is not passed on.
      Refusal refusal =
          Refusal.of(
              RefusalCode.UPSTREAM_ERROR,
              "provider '"
                  + answer.target().provider().id()
                  + "' said "
                  + status
                  + " but sent an error, or something that is not "
                  + (answer.asked().streamed() ? "a stream" : "an answer"));
      if (report.usage().isEmpty() && !report.answered() && report.finishReason().isEmpty()) {
        ticket.usedAtMost(usage);
        return new Step.Failed(refusal, false);
      }
      reply.fail(refusal, usage);
    } else {
      ticket.firstContent(parts.ticker().nanos());
      learn(answer.plan(), report.outputBytes(), usage);
      obtained(answer.target(), report.keptObjects());
      RequestRow row = ticket.succeeded(status, usage);
      byte[] whole = report.body().apply(usage);
      store(answer, whole);
      reply.answer(status, row, whole);
    }
    return Step.SETTLED;
  }

  private Step stream(Answer answer, UpstreamReply from) {
    Target target = answer.target();
    StreamTap tap =
        answer
            .passage()
            .tap(usage ->
                target.model().price().map(price -> price.costNanos(usage.tokens())).orElse(0L));
    ClientStream out = reply.stream(answer.passage(), tap);
    long before = parts.ticker().nanos();
    Pumped pumped = from.pump(tap, out, meter(answer.plan(), tap));
    ticket.waited(parts.ticker().nanos() - before);
    pumped.firstContentNanos().ifPresent(ticket::firstContent);
    obtained(target, tap.keptObjects());
    StreamTap.StreamReport report = tap.report();
    ticket.draft().finished(report.finishReason());
    return switch (pumped.end()) {
      case UPSTREAM_ENDED -> endOfStream(answer, tap, out);
      case CUT -> cut(answer, tap, out.begin());
      case UPSTREAM_BROKEN ->
          broken(
              Refusal.of(RefusalCode.STREAM_TRUNCATED, "the upstream broke off its answer"),
              target,
              report,
              out);
      case UPSTREAM_TIMEOUT ->
          broken(
              Refusal.of(RefusalCode.UPSTREAM_TIMEOUT, "the upstream stopped sending"),
              target,
              report,
              out);
      case CLIENT_GONE, CLIENT_GONE_DRAINED -> {
        ticket.cancelled(200, streamUsage(target, report));
        if (out.begun()) {
          out.begin().abort();
        }
        yield Step.SETTLED;
      }
    };
  }

  private Step endOfStream(Answer answer, StreamTap tap, ClientStream out) {
    StreamTap.StreamReport report = tap.report();
    if (report.error().isPresent()) {
      Refusal refusal = Refusal.of(RefusalCode.UPSTREAM_ERROR, report.error().get());
      if (!out.answering()) {
        return unseen(refusal, answer.target(), report);
      }
      ticket.failed(200, refusal, streamUsage(answer.target(), report));
      reply.endFailed(out.begin(), report.held());
    } else if (report.complete()) {
      MeasuredUsage usage = streamUsage(answer.target(), report);
      learn(answer.plan(), report.outputBytes(), usage);
      ticket.succeeded(200, usage);
      ReplyStream stream = out.begin();
      byte[] ending = tap.ending(usage);
      store(answer, ending);
      stream.write(ending);
      stream.end();
    } else {
      return broken(
          Refusal.of(RefusalCode.STREAM_TRUNCATED, "the upstream's answer ended before its end"),
          answer.target(),
          report,
          out);
    }
    return Step.SETTLED;
  }

  /** Ends an answer for which a budget has nothing left, as one that has reached its length. */
  private Step cut(Answer answer, StreamTap tap, ReplyStream out) {
    Refusal refusal =
        Refusal.of(RefusalCode.BUDGET_EXCEEDED, "a budget was spent while the answer was flowing");
    Model model = answer.target().model();
    MeasuredUsage usage =
        UsageBound.cut(
            tap.report(),
            answer.plan().input(),
            pipeline.ceilings().outputPerMillionBytes(namespace, model.id()));
    ticket.cut(refusal, usage);
    out.write(reply.comment(CUT_WARNING));
    byte[] ending = tap.cut(usage);
    store(answer, ending);
    out.write(ending);
    out.end();
    return Step.SETTLED;
  }

  /** Before the client has the end of the answer, so that it can go on from it at once. */
  private void store(Answer answer, byte[] end) {
    answer.request().stored(end).ifPresent(turn -> parts.responses().keep(caller, turn));
  }

  private Step broken(
      Refusal refusal, Target target, StreamTap.StreamReport report, ClientStream out) {
    if (!out.answering()) {
      return unseen(refusal, target, report);
    }
    reply.fail(refusal, streamUsage(target, report));
    return Step.SETTLED;
  }

  /**
   * A stream that failed before the client saw any of it. What it may have used is charged if
   * nobody else answers either.
   */
  private Step unseen(Refusal refusal, Target target, StreamTap.StreamReport report) {
    ticket.usedAtMost(streamUsage(target, report));
    return new Step.Failed(refusal, false);
  }

  /** What watches a streamed answer: the budgets that gave it less than the worst case. */
  private StreamMeter meter(Plan plan, StreamTap tap) {
    Optional<Reservation> metered = ticket.reservation().filter(Reservation::metered);
    if (metered.isEmpty() || plan.target().model().hiddenReasoning()) {
      return StreamMeter.NONE;
    }
    AskedRequest asked = plan.asked();
    Model model = plan.target().model();
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

  /** What a provider has made for a namespace on an account, that namespace may name again. */
  private void obtained(Target target, List<String> objects) {
    for (String object : objects) {
      parts.vaults().of(namespace).obtained(target.provider().id(), object);
    }
  }

  private void learn(Plan plan, long outputBytes, MeasuredUsage usage) {
    if (usage.origin() == UsageOrigin.REPORTED) {
      pipeline.ceilings().learn(namespace, plan, outputBytes, usage.tokens());
    }
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
}
