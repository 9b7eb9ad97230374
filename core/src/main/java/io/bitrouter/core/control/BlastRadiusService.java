package io.bitrouter.core.control;

import io.bitrouter.core.catalog.Catalog;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.credential.Scope;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.policy.SpendReader;
import io.bitrouter.core.snapshot.NamespaceSnapshot;
import io.bitrouter.core.snapshot.SnapshotRegistry;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.NamespaceView;
import io.bitrouter.core.store.UsageQuery;
import io.bitrouter.core.store.UsageTotals;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What whoever holds a key can reach, and what it did. Reads only. Thread-safe. */
public final class BlastRadiusService {

  private final Parts parts;

  /** What the service works with. */
  public record Parts(
      KeyService keys,
      ControlStore store,
      SnapshotRegistry registry,
      Catalog catalog,
      SpendReader spend,
      Ticker ticker) {}

  public BlastRadiusService(Parts parts) {
    this.parts = parts;
  }

  /**
   * A key's reach.
   *
   * @param descendants keys minted from it, directly or not
   * @param targets what it can call; nothing when neither it nor a descendant is alive
   * @param remainingMicroUsd the most it can still spend; empty when no budget applies
   * @param usage what it and its descendants did
   */
  public record BlastRadius(
      KeyRecord key,
      List<KeyRecord> descendants,
      List<Target> targets,
      OptionalLong remainingMicroUsd,
      UsageTotals usage) {}

  /** The reach of a key now, with what it did since {@code sinceMicros}. */
  public Outcome<BlastRadius> of(NamespaceGrant grant, KeyId id, long sinceMicros) {
    return parts.keys().key(grant, id).map(key -> of(grant, key, sinceMicros));
  }

  private BlastRadius of(NamespaceGrant grant, KeyRecord key, long sinceMicros) {
    List<KeyRecord> below =
        parts.keys().keys(grant).stream()
            .filter(one -> one.ancestors().contains(key.id()))
            .toList();
    NamespaceSnapshot rules = parts.registry().current(grant);
    EffectivePolicy effective = rules.effective(key);
    boolean acts =
        !rules.suspended() && Stream.concat(Stream.of(key), below.stream()).anyMatch(this::acts);
    List<Target> targets =
        acts
            ? PolicyWarnings.targets(parts.catalog(), grant.namespace()).stream()
                .filter(effective.guardrails()::reaches)
                .toList()
            : List.of();
    return new BlastRadius(
        key,
        below,
        targets,
        acts ? remaining(grant, effective) : OptionalLong.of(0),
        usage(parts.store().open(grant), key, below, sinceMicros));
  }

  private boolean acts(KeyRecord key) {
    return key.revokedAtMicros().isEmpty()
        && key.expiresAtMicros().orElse(Long.MAX_VALUE) > parts.ticker().epochMicros()
        && key.scopes().allows(Scope.INFERENCE_INVOKE);
  }

  /** What is held by requests in flight may come back, so it counts as not spent. */
  private OptionalLong remaining(NamespaceGrant grant, EffectivePolicy effective) {
    return effective.budgets().stream()
        .mapToLong(budget ->
            Math.max(
                0,
                (budget.clause().limitNanoUsd()
                        - parts.spend().standing(grant.namespace(), budget).settledNanoUsd())
                    / 1_000))
        .min();
  }

  private UsageTotals usage(
      NamespaceView view, KeyRecord key, List<KeyRecord> below, long sinceMicros) {
    Set<String> lineage =
        Stream.concat(Stream.of(key), below.stream())
            .map(one -> one.id().text())
            .collect(Collectors.toSet());
    UsageQuery.Filter ofTheTree = UsageQuery.Filter.ofLineage(key.root());
    return view
        .usage(
            new UsageQuery(sinceMicros, parts.ticker().epochMicros() + 1, ofTheTree),
            new UsageQuery.Grouping.ByKey())
        .stream()
        .filter(group -> lineage.contains(group.name()))
        .map(UsageQuery.Group::totals)
        .reduce(UsageTotals.ZERO, UsageTotals::plus);
  }
}
