package io.bitrouter.core.control;

import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyIndex;
import io.bitrouter.core.credential.OperatorMinter;
import io.bitrouter.core.credential.OperatorMinter.Issued;
import io.bitrouter.core.credential.OperatorMinter.Wanted;
import io.bitrouter.core.credential.OperatorRecord;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.NodeView;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Issues, lists and revokes operator credentials. Thread-safe. */
public final class OperatorService {

  /** Most credentials of a node that are alive. */
  static final int MOST = 1_000;

  private final ControlStore store;
  private final KeyIndex index;
  private final OperatorMinter minter;
  private final Ticker ticker;

  public OperatorService(ControlStore store, KeyIndex index, OperatorMinter minter, Ticker ticker) {
    this.store = store;
    this.index = index;
    this.minter = minter;
    this.ticker = ticker;
  }

  /** The credentials that reach no further than the caller, revoked ones too. */
  public List<OperatorRecord> operators(Caller.Operator caller) {
    return store.openNode(caller.grant()).operators().stream()
        .filter(operator -> caller.grant().reach().covers(operator.reach()))
        .toList();
  }

  /** Issues one that is no wider than the caller. */
  public Outcome<Issued> issue(Caller.Operator caller, Wanted wanted, Asked<Issued> asked) {
    NodeView node = store.openNode(caller.grant());
    for (NamespaceId namespace : wanted.reach().map(Reach.Only::namespaces).orElse(Set.of())) {
      if (node.namespace(namespace).isEmpty()) {
        return Outcome.refused(
            Refusal.of(RefusalCode.NOT_FOUND, "no such namespace").withParam("namespaces"));
      }
    }
    return minter
        .issue(caller.operator(), wanted)
        .then(issued -> asked.dryRun() ? Outcome.done(issued) : keep(node, issued, asked));
  }

  private Outcome<Issued> keep(NodeView node, Issued issued, Asked<Issued> asked) {
    return index.changeOperators(() -> {
      long now = ticker.epochMicros();
      long alive = node.operators().stream().filter(one -> one.alive(now)).count();
      if (alive >= MOST) {
        return Outcome.refused(
            Refusal.of(RefusalCode.CONFLICT, "a node has at most " + MOST + " live credentials")
                .withHint("revoke some that are no longer needed"));
      }
      if (!node.addOperator(issued.operator(), asked.keeping().apply(issued))) {
        return Outcome.refused(RefusalCode.CONFLICT, "the issuing credential has just ended");
      }
      index.put(issued.operator());
      return Outcome.done(issued);
    });
  }

  /**
   * Revokes one that may do no more than the caller, with all that it issued, directly or not; what
   * was revoked before stays as it is.
   *
   * @return how many that it issued were revoked along
   */
  public Outcome<Integer> revoke(Caller.Operator caller, String id, boolean dryRun) {
    List<OperatorRecord> all = operators(caller);
    Optional<OperatorRecord> found =
        all.stream().filter(operator -> operator.id().equals(id)).findFirst();
    if (found.isEmpty()) {
      return noSuchCredential();
    }
    OperatorRecord target = found.get();
    if (id.equals(caller.id()) && target.name().equals(OperatorRecord.ROOT)) {
      return Outcome.refused(
          Refusal.of(RefusalCode.CONFLICT, "the host's root credential cannot revoke itself")
              .withHint(
                  "to replace it, stop the node, remove secrets/operator.token from its home and"
                      + " start it again; then revoke the old one, and all that it issued, with the"
                      + " new one"));
    }
    if (!caller.operator().covers(target)) {
      return Outcome.refused(
          RefusalCode.FORBIDDEN, "a credential that may do more can be revoked by no lesser");
    }
    if (dryRun) {
      return Outcome.done(others(below(all, id), id));
    }
    return index.changeOperators(() -> {
      Optional<List<OperatorRecord>> revoked =
          store.openNode(caller.grant()).revokeOperator(id, ticker.epochMicros());
      revoked.ifPresent(ended -> ended.forEach(index::put));
      return revoked
          .map(ended -> Outcome.done(others(ended, id)))
          .orElseGet(OperatorService::noSuchCredential);
    });
  }

  private static int others(List<OperatorRecord> ended, String id) {
    return Math.toIntExact(ended.stream().filter(one -> !one.id().equals(id)).count());
  }

  /** Those that {@code id} issued, directly or not, and that are not revoked. */
  private static List<OperatorRecord> below(List<OperatorRecord> all, String id) {
    Set<String> ids = new HashSet<>(Set.of(id));
    while (all.stream()
        .anyMatch(one -> one.issuer().filter(ids::contains).isPresent() && ids.add(one.id()))) {}
    return all.stream()
        .filter(one -> ids.contains(one.id()) && one.revokedAtMicros().isEmpty())
        .toList();
  }

  private static <T> Outcome<T> noSuchCredential() {
    return Outcome.refused(RefusalCode.NOT_FOUND, "no such operator credential");
  }
}
