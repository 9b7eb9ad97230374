package io.bitrouter.core.control;

import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyIndex;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.namespace.NamespaceName;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.NodeView;
import io.bitrouter.core.store.Recorded;
import java.util.List;
import java.util.random.RandomGenerator;

/** Creates, renames and deletes namespaces; operators only. Thread-safe. */
public final class NamespaceService {

  private final ControlStore store;
  private final KeyIndex index;
  private final Ticker ticker;
  private final RandomGenerator random;

  /** With the store and the index whose keys die with their namespace. */
  public NamespaceService(
      ControlStore store, KeyIndex index, Ticker ticker, RandomGenerator random) {
    this.store = store;
    this.index = index;
    this.ticker = ticker;
    this.random = random;
  }

  /** Live namespaces, oldest first. */
  public List<Namespace> namespaces(Caller.Operator operator) {
    return store.openNode(operator.grant()).namespaces();
  }

  /** Creates a namespace. */
  public Outcome<Namespace> create(Caller.Operator operator, String name, Origin origin) {
    if (!NamespaceName.valid(name)) {
      return badName();
    }
    long now = ticker.epochMicros();
    Namespace namespace =
        new Namespace(NamespaceId.of(Ulid.next(now, random)), Namespace.NODE_OWNER, name, now);
    AuditEntry audit =
        audit(operator, "namespace.create", namespace.id(), origin)
            .after(new AuditText().with("name", name).toString());
    return named(
        store.openNode(operator.grant()).createNamespace(namespace, Recorded.of(audit)), name);
  }

  /** Renames a namespace; its id, keys and usage stay. */
  public Outcome<Namespace> rename(
      Caller.Operator operator, NamespaceId id, String name, Origin origin) {
    NodeView node = store.openNode(operator.grant());
    if (node.namespace(id).isEmpty()) {
      return noSuchNamespace();
    }
    if (!NamespaceName.valid(name)) {
      return badName();
    }
    AuditEntry audit =
        audit(operator, "namespace.rename", id, origin)
            .after(new AuditText().with("name", name).toString());
    return named(node.renameNamespace(id, name, audit), name);
  }

  /**
   * Deletes a namespace and its keys; its usage stays readable to operators.
   *
   * @return how many keys that were still alive ended with it
   */
  public Outcome<Integer> delete(Caller.Operator operator, NamespaceId id, Origin origin) {
    AuditEntry audit = audit(operator, "namespace.delete", id, origin);
    NodeView.Deleted deleted =
        index.change(() -> {
          NodeView.Deleted result = store.openNode(operator.grant()).deleteNamespace(id, audit);
          if (result instanceof NodeView.Deleted.Ok ok) {
            index.remove(ok.keys());
          }
          return result;
        });
    return switch (deleted) {
      case NodeView.Deleted.Ok ok -> {
        long alive = ok.keys().stream().filter(key -> key.revokedAtMicros().isEmpty()).count();
        yield Outcome.done(Math.toIntExact(alive));
      }
      case NodeView.Deleted.LastOne unused ->
          Outcome.refused(
              Refusal.of(RefusalCode.CONFLICT, "the last namespace cannot be deleted")
                  .withHint("create another one first"));
      case NodeView.Deleted.Unknown unused -> noSuchNamespace();
    };
  }

  private AuditEntry audit(
      Caller.Operator operator, String action, NamespaceId target, Origin origin) {
    return new AuditEntry(
        ticker.epochMicros(),
        "operator",
        operator.id(),
        action,
        "namespace",
        target.text(),
        "",
        "",
        origin.ip(),
        origin.requestId());
  }

  private static Outcome<Namespace> named(NodeView.Named result, String name) {
    return switch (result) {
      case NodeView.Named.Ok(Namespace namespace) -> Outcome.done(namespace);
      case NodeView.Named.NameTaken unused ->
          Outcome.refused(
              Refusal.of(
                  RefusalCode.CONFLICT, "another namespace already has the name '" + name + "'"));
      case NodeView.Named.Unknown unused -> noSuchNamespace();
    };
  }

  private static Outcome<Namespace> badName() {
    return Outcome.refused(
        Refusal.of(RefusalCode.INVALID_REQUEST, "name must have " + NamespaceName.RULE)
            .withParam("name"));
  }

  private static <T> Outcome<T> noSuchNamespace() {
    return Outcome.refused(Refusal.of(RefusalCode.NOT_FOUND, "no such namespace"));
  }
}
