package io.bitrouter.core.control;

import io.bitrouter.core.admission.Admission;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyIndex;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.namespace.NamespaceName;
import io.bitrouter.core.snapshot.NamespaceSnapshot;
import io.bitrouter.core.snapshot.SnapshotRegistry;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.NodeView;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Creates, renames, suspends and deletes namespaces; operators only. Thread-safe. */
public final class NamespaceService {

  private static final String NO_SUCH_NAMESPACE = "no such namespace";

  private final Parts parts;
  private final Audits audits;

  /** What the service works with; {@code random} is for ids. */
  public record Parts(
      ControlStore store,
      KeyIndex index,
      SnapshotRegistry registry,
      Admission admission,
      Ticker ticker,
      RandomGenerator random) {}

  public NamespaceService(Parts parts) {
    this.parts = parts;
    this.audits = new Audits(parts.ticker());
  }

  /** Live namespaces, oldest first. */
  public List<Namespace> namespaces(Caller.Operator operator) {
    return parts.store().openNode(operator.grant()).namespaces();
  }

  /** Creates a namespace. */
  public Outcome<Namespace> create(Caller.Operator operator, String name, Asked<Namespace> asked) {
    if (!NamespaceName.valid(name)) {
      return badName();
    }
    if (!operator.grant().reach().covers(new Reach.Everything())) {
      return Outcome.refused(
          RefusalCode.FORBIDDEN,
          "this operator credential is for certain namespaces and cannot make others");
    }
    long now = parts.ticker().epochMicros();
    Namespace namespace =
        new Namespace(
            NamespaceId.of(Ulid.next(now, parts.random())), Namespace.NODE_OWNER, name, now);
    NodeView node = parts.store().openNode(operator.grant());
    if (asked.dryRun()) {
      return taken(node, name) ? nameTaken(name) : Outcome.done(namespace);
    }
    AuditEntry audit =
        audit(operator, "namespace.create", namespace.id(), asked.origin()).after(named(name));
    return parts
        .registry()
        .change(
            namespace.id(),
            () -> {
              NodeView.Named created =
                  node.createNamespace(namespace, asked.recorded(audit, namespace));
              if (created instanceof NodeView.Named.Ok) {
                parts.registry().publish(NamespaceSnapshot.empty(namespace.id()));
              }
              return named(created, name);
            });
  }

  /** Renames a namespace; its id, keys and usage stay. */
  public Outcome<Namespace> rename(
      Caller.Operator operator, NamespaceId id, String name, Asked<Namespace> asked) {
    NodeView node = parts.store().openNode(operator.grant());
    Optional<Namespace> before = node.namespace(id);
    if (before.isEmpty()) {
      return noSuchNamespace();
    }
    if (!NamespaceName.valid(name)) {
      return badName();
    }
    if (asked.dryRun()) {
      Namespace old = before.get();
      return !name.equals(old.name()) && taken(node, name)
          ? nameTaken(name)
          : Outcome.done(new Namespace(id, old.ownerId(), name, old.createdAtMicros()));
    }
    AuditEntry audit =
        audit(operator, "namespace.rename", id, asked.origin())
            .before(named(before.get().name()))
            .after(named(name));
    return named(node.renameNamespace(id, name, audit), name);
  }

  /**
   * Deletes a namespace and its keys; its usage stays readable to operators.
   *
   * @return how many keys that were still alive ended with it
   */
  public Outcome<Integer> delete(Caller.Operator operator, NamespaceId id, Asked<Integer> asked) {
    NodeView node = parts.store().openNode(operator.grant());
    if (asked.dryRun()) {
      if (node.namespace(id).isEmpty()) {
        return noSuchNamespace();
      }
      return operator.grant().reach() instanceof Reach.Everything && node.namespaces().size() == 1
          ? lastOne()
          : Outcome.done(alive(parts.store().open(operator.grant().enter(id)).keys()));
    }
    AuditEntry audit = audit(operator, "namespace.delete", id, asked.origin());
    return parts.registry().change(id, () -> delete(node, id, audit));
  }

  private Outcome<Integer> delete(NodeView node, NamespaceId id, AuditEntry audit) {
    NodeView.Deleted deleted =
        parts
            .index()
            .change(
                id,
                () -> {
                  NodeView.Deleted result = node.deleteNamespace(id, audit);
                  if (result instanceof NodeView.Deleted.Ok ok) {
                    parts.index().remove(ok.keys());
                    parts.registry().remove(id);
                    parts.admission().remove(id);
                  }
                  return result;
                });
    return switch (deleted) {
      case NodeView.Deleted.Ok ok -> Outcome.done(alive(ok.keys()));
      case NodeView.Deleted.LastOne unused -> lastOne();
      case NodeView.Deleted.Unknown unused -> noSuchNamespace();
    };
  }

  /**
   * Stops a namespace's inference or lets it go on; its keys, policies and books stay.
   *
   * @return whether it is suspended now
   */
  public Outcome<Boolean> suspend(
      Caller.Operator operator, NamespaceId id, boolean suspended, Asked<Boolean> asked) {
    NodeView node = parts.store().openNode(operator.grant());
    if (node.namespace(id).isEmpty()) {
      return noSuchNamespace();
    }
    NamespaceGrant grant = operator.grant().enter(id);
    AuditEntry audit =
        audit(operator, suspended ? "namespace.suspend" : "namespace.resume", id, asked.origin());
    return parts
        .registry()
        .change(
            id,
            () -> {
              NamespaceSnapshot now = parts.registry().current(grant);
              if (asked.dryRun() || now.suspended() == suspended) {
                return Outcome.done(suspended);
              }
              if (!node.suspendNamespace(id, suspended, audit)) {
                return noSuchNamespace();
              }
              parts.registry().publish(now.with(suspended, now.policies(), now.bindings()));
              return Outcome.done(suspended);
            });
  }

  private static boolean taken(NodeView node, String name) {
    return node.namespaces().stream().anyMatch(other -> other.name().equals(name));
  }

  private static int alive(List<KeyRecord> keys) {
    return Math.toIntExact(keys.stream().filter(key -> key.revokedAtMicros().isEmpty()).count());
  }

  private static String named(String name) {
    return new AuditText().with("name", name).toString();
  }

  private AuditEntry audit(
      Caller.Operator operator, String action, NamespaceId target, Origin origin) {
    return audits.entry(operator, action, "namespace", target.text(), origin);
  }

  private static Outcome<Namespace> named(NodeView.Named result, String name) {
    return switch (result) {
      case NodeView.Named.Ok(Namespace namespace) -> Outcome.done(namespace);
      case NodeView.Named.NameTaken unused -> nameTaken(name);
      case NodeView.Named.Unknown unused -> noSuchNamespace();
    };
  }

  private static Outcome<Namespace> nameTaken(String name) {
    return Outcome.refused(
        RefusalCode.CONFLICT, "another namespace already has the name '" + name + "'");
  }

  private static Outcome<Integer> lastOne() {
    return Outcome.refused(
        Refusal.of(RefusalCode.CONFLICT, "the last namespace cannot be deleted")
            .withHint("create another one first"));
  }

  private static Outcome<Namespace> badName() {
    return Outcome.refused(
        Refusal.of(RefusalCode.INVALID_REQUEST, "name must have " + NamespaceName.RULE)
            .withParam("name"));
  }

  /** What an operator may do in a namespace that it reaches. */
  static Outcome<NamespaceGrant> entered(
      ControlStore store, Caller.Operator operator, NamespaceId id) {
    return Outcome.found(store.openNode(operator.grant()).namespace(id), NO_SUCH_NAMESPACE)
        .map(namespace -> operator.grant().enter(namespace.id()));
  }

  private static <T> Outcome<T> noSuchNamespace() {
    return Outcome.refused(RefusalCode.NOT_FOUND, NO_SUCH_NAMESPACE);
  }
}
