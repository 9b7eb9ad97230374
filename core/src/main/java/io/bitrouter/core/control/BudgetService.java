package io.bitrouter.core.control;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.policy.Binding;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.Metered;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.Principal;
import io.bitrouter.core.policy.Source;
import io.bitrouter.core.policy.SpendReader;
import io.bitrouter.core.snapshot.NamespaceSnapshot;
import io.bitrouter.core.snapshot.SnapshotRegistry;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.NamespaceView;
import io.bitrouter.core.store.RequestQuery;
import io.bitrouter.core.store.UsageQuery;
import io.bitrouter.core.usage.RequestRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How budgets stand, and what made them so. Reads only. Thread-safe. */
public final class BudgetService {

  private static final int PAGE = 100;

  /** Pages looked through for one page of an explanation; beyond, the cursor goes on. */
  private static final int MOST_PAGES = 50;

  private static final long NANOS_A_MICRO = 1_000;
  private static final double MICROS_AN_HOUR = 3_600_000_000.0;

  private final ControlStore store;
  private final SnapshotRegistry registry;
  private final SpendReader spend;
  private final Ticker ticker;

  public BudgetService(
      ControlStore store, SnapshotRegistry registry, SpendReader spend, Ticker ticker) {
    this.store = store;
    this.registry = registry;
    this.spend = spend;
    this.ticker = ticker;
  }

  /**
   * How a budget stands where it is bound; micro-USD, microseconds since the epoch.
   *
   * @param binding where
   * @param fromMicros where the window begins, 0 for a total
   * @param settled spent in it
   * @param reserved held by requests in flight
   * @param remaining what is left of the limit, never below 0
   * @param burnPerHour spend of about the last hour
   * @param exhaustedAtMicros when nothing is left if that goes on
   * @param nextFreeMicros when spend next leaves the window
   */
  public record Standing(
      Binding binding,
      long fromMicros,
      long settled,
      long reserved,
      long remaining,
      long burnPerHour,
      OptionalLong exhaustedAtMicros,
      OptionalLong nextFreeMicros) {}

  /** A budget with its standings, the one with the least remaining first. */
  public record Status(Policy policy, Budget budget, List<Standing> standings) {}

  /**
   * The rows behind one standing.
   *
   * @param principal where the budget is bound
   * @param fromMicros where its window begins
   * @param nowMicros where it ends
   * @param settledNanoUsd what counts
   * @param rows one page of the rows, newest first
   * @param next where the next page begins
   */
  public record Explanation(
      Policy policy,
      Principal principal,
      long fromMicros,
      long nowMicros,
      long settledNanoUsd,
      List<RequestRow> rows,
      Optional<RequestId> next) {}

  /** How one budget stands. */
  public Outcome<Status> status(NamespaceGrant grant, PolicyId id) {
    NamespaceSnapshot rules = registry.current(grant);
    Optional<Policy> found = rules.policy(id);
    return found.isPresent() && found.get().spec() instanceof Budget budget
        ? Outcome.done(status(rules, found.get(), budget))
        : Outcome.refused(RefusalCode.NOT_FOUND, PolicyDecider.NO_SUCH_POLICY);
  }

  /** The enabled total budget of the namespace with the least remaining. */
  public Optional<Status> total(NamespaceGrant grant) {
    NamespaceSnapshot rules = registry.current(grant);
    Principal whole = Principal.of(grant.namespace());
    return rules.effective().budgets().stream()
        .filter(metered -> metered.clause().window() instanceof BudgetWindow.Total)
        .map(metered ->
            new Status(
                rules.policy(metered.source().policy()).orElseThrow(),
                metered.clause(),
                rules.bindings(metered.source().policy()).stream()
                    .filter(binding -> binding.principal().equals(whole))
                    .map(binding -> standing(rules, metered.clause(), binding))
                    .toList()))
        .min(Comparator.comparingLong(status -> status.standings().getFirst().remaining()));
  }

  /**
   * The rows that a budget counts.
   *
   * @param principal at which binding; the one with the least remaining when empty
   * @param limit rows of a page, 1 to 100
   */
  public Outcome<Explanation> explain(
      NamespaceGrant grant,
      PolicyId id,
      Optional<Principal> principal,
      int limit,
      Optional<RequestId> after) {
    return status(grant, id)
        .then(status -> {
          Optional<Standing> standing =
              status.standings().stream()
                  .filter(
                      one -> principal.filter(p -> !p.equals(one.binding().principal())).isEmpty())
                  .findFirst();
          return standing
              .map(one -> Outcome.done(explained(grant, status, one, limit, after)))
              .orElseGet(() ->
                  Outcome.refused(
                      Refusal.of(RefusalCode.NOT_FOUND, "the budget is not bound there")
                          .withHint("GET …/policies/{id}/bindings lists where it is bound")));
        });
  }

  private Explanation explained(
      NamespaceGrant grant, Status status, Standing at, int limit, Optional<RequestId> after) {
    Principal principal = at.binding().principal();
    Metered<Budget> metered = metered(status.policy(), status.budget(), at.binding());
    SpendReader.Standing exact = spend.standing(grant.namespace(), metered);
    NamespaceView view = store.open(grant);
    Optional<KeyRecord> key =
        principal.kind() == Principal.Kind.API_KEY
            ? view.key(new KeyId(principal.id()))
            : Optional.empty();
    Map<KeyId, Boolean> spenders = new HashMap<>();
    List<RequestRow> rows = new ArrayList<>();
    Optional<RequestId> next = after;
    long now = ticker.epochMicros();
    boolean more = true;
    for (int page = 0; page < MOST_PAGES && more && rows.size() < limit; page++) {
      List<RequestRow> some = view.requests(query(next, exact.fromMicros(), now, key));
      more = some.size() == PAGE;
      for (RequestRow row : some) {
        next = Optional.of(row.requestId());
        if (row.chargeNanoUsd() != 0
            && spenders.computeIfAbsent(row.key(), spender -> counts(view, key, spender))) {
          rows.add(row);
          if (rows.size() == limit) {
            break;
          }
        }
      }
    }
    return new Explanation(
        status.policy(),
        principal,
        exact.fromMicros(),
        now,
        exact.settledNanoUsd(),
        List.copyOf(rows),
        more || rows.size() == limit ? next : Optional.empty());
  }

  private static RequestQuery query(
      Optional<RequestId> after, long from, long now, Optional<KeyRecord> key) {
    UsageQuery.Filter filter =
        key.map(record -> UsageQuery.Filter.ofLineage(record.root()))
            .orElse(UsageQuery.Filter.NONE);
    return new RequestQuery(
        PAGE,
        0,
        after,
        from,
        now + 1,
        filter,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Whether the spender is the key or one below it; all are, where no key is meant. */
  private static boolean counts(NamespaceView view, Optional<KeyRecord> key, KeyId spender) {
    if (key.isEmpty() || key.get().id().equals(spender)) {
      return true;
    }
    KeyId id = key.get().id();
    return view.key(spender).filter(record -> record.ancestors().contains(id)).isPresent();
  }

  private Status status(NamespaceSnapshot rules, Policy policy, Budget budget) {
    return new Status(
        policy,
        budget,
        rules.bindings(policy.id()).stream()
            .map(binding -> standing(rules, budget, binding))
            .sorted(Comparator.comparingLong(Standing::remaining))
            .toList());
  }

  private Standing standing(NamespaceSnapshot rules, Budget budget, Binding binding) {
    Policy policy = rules.policy(binding.policy()).orElseThrow();
    SpendReader.Standing now = spend.standing(rules.namespace(), metered(policy, budget, binding));
    long settled = now.settledNanoUsd() / NANOS_A_MICRO;
    long reserved = now.reservedNanoUsd() / NANOS_A_MICRO;
    long remaining = Math.max(0, budget.limitMicroUsd() - settled - reserved);
    long burn = now.lastHourNanoUsd() / NANOS_A_MICRO;
    return new Standing(
        binding,
        now.fromMicros(),
        settled,
        reserved,
        remaining,
        burn,
        exhaustion(budget.window(), remaining, burn),
        now.freeingMicros() == Long.MAX_VALUE
            ? OptionalLong.empty()
            : OptionalLong.of(now.freeingMicros()));
  }

  /** By the time that spend of this moment leaves the window, it is as full as it ever gets. */
  private OptionalLong exhaustion(BudgetWindow window, long remaining, long burn) {
    if (burn <= 0) {
      return OptionalLong.empty();
    }
    long now = ticker.epochMicros();
    double wait = remaining * MICROS_AN_HOUR / burn;
    long horizon = window.endOf(Math.floorDiv(now, BudgetWindow.SLOT_MICROS));
    // An answer further away than a millennium is none.
    return now + wait >= horizon || wait > 1_000 * 365 * 24 * MICROS_AN_HOUR
        ? OptionalLong.empty()
        : OptionalLong.of(now + (long) wait);
  }

  private static Metered<Budget> metered(Policy policy, Budget budget, Binding binding) {
    return new Metered<>(
        budget, new Source(policy.id(), policy.name(), binding.id(), binding.principal()));
  }
}
