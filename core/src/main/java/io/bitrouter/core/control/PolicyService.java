package io.bitrouter.core.control;

import io.bitrouter.core.admission.Admission;
import io.bitrouter.core.catalog.Catalog;
import io.bitrouter.core.control.PolicyDecider.Decision;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.credential.Scope;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.Binding;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.policy.Principal;
import io.bitrouter.core.snapshot.NamespaceSnapshot;
import io.bitrouter.core.snapshot.SnapshotRegistry;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.PolicyChange;
import io.bitrouter.core.store.SpecCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Policies of a namespace and what they are bound to. A change is decided, stored with its audit
 * row, published, and only then reported: a client that has read the answer can rely on every later
 * request being judged by it. Thread-safe.
 */
public final class PolicyService {

  private final Parts parts;
  private final PolicyWarnings warnings;
  private final Audits audits;

  /** What the service works with; {@code random} is for ids. */
  public record Parts(
      ControlStore store,
      SnapshotRegistry registry,
      Admission admission,
      Catalog catalog,
      SpecCodec codec,
      Ticker ticker,
      RandomGenerator random) {}

  /**
   * A policy and how many principals it is bound to.
   *
   * @param binding the binding that the change was about
   * @param warnings what its author should know
   */
  public record Shown(
      Policy policy, long bindingCount, Optional<Binding> binding, List<Warning> warnings) {}

  /** Who changes the rules of which namespace. */
  public record Author(Caller caller, NamespaceGrant grant) {
    /** A key, in its own. */
    public static Author of(Caller.Key key) {
      return new Author(key, key.grant());
    }
  }

  public PolicyService(Parts parts) {
    this.parts = parts;
    this.warnings = new PolicyWarnings(parts.catalog(), parts.admission());
    this.audits = new Audits(parts.ticker());
  }

  /** An operator in a namespace that it reaches. */
  public Outcome<Author> author(Caller.Operator operator, NamespaceId namespace) {
    return NamespaceService.entered(parts.store(), operator, namespace)
        .map(grant -> new Author(operator, grant));
  }

  /** The policies that the terms allow to see, oldest first. */
  public List<Shown> list(NamespaceGrant grant, PolicyCommand.Terms terms) {
    NamespaceSnapshot rules = parts.registry().current(grant);
    return rules.policies().stream()
        .filter(policy -> PolicyDecider.visible(rules, policy.id(), terms).isPresent())
        .map(policy -> shown(rules, policy))
        .toList();
  }

  /** One policy. */
  public Outcome<Shown> policy(NamespaceGrant grant, PolicyId id, PolicyCommand.Terms terms) {
    NamespaceSnapshot rules = parts.registry().current(grant);
    return Outcome.found(PolicyDecider.visible(rules, id, terms), PolicyDecider.NO_SUCH_POLICY)
        .map(policy -> shown(rules, policy));
  }

  /** The bindings of a policy, oldest first. */
  public Outcome<List<Binding>> bindings(NamespaceGrant grant, PolicyId id) {
    NamespaceSnapshot rules = parts.registry().current(grant);
    return Outcome.found(rules.policy(id), PolicyDecider.NO_SUCH_POLICY)
        .map(policy -> rules.bindings(id));
  }

  /** The policies bound to exactly this principal. */
  public List<Shown> boundTo(NamespaceGrant grant, Principal principal) {
    NamespaceSnapshot rules = parts.registry().current(grant);
    return rules.boundTo(principal).stream()
        .distinct()
        .map(policy -> shown(rules, policy))
        .toList();
  }

  /** Everything that applies to a principal, by the very rules that its requests are judged by. */
  public EffectivePolicy effective(NamespaceGrant grant, Principal principal) {
    NamespaceSnapshot rules = parts.registry().current(grant);
    return switch (principal.kind()) {
      case NAMESPACE -> rules.effective();
      case API_KEY ->
          parts
              .store()
              .open(grant)
              .key(new KeyId(principal.id()))
              .map(rules::effective)
              .orElseGet(rules::effective);
    };
  }

  /**
   * The principal that a client means.
   *
   * @param type {@code namespace} or {@code api_key}
   * @param id of a namespace its id or {@code me}
   */
  public Outcome<Principal> principal(NamespaceGrant grant, String type, String id) {
    return switch (type) {
      case "namespace" ->
          id.equals("me") || id.equals(grant.namespace().text())
              ? Outcome.done(Principal.of(grant.namespace()))
              : noSuchPrincipal();
      case "api_key" ->
          parts
              .store()
              .open(grant)
              .key(new KeyId(id))
              .map(KeyRecord::id)
              .map(key -> Outcome.done(Principal.of(key)))
              .orElseGet(PolicyService::noSuchPrincipal);
      case "oauth_token", "oauth_client" -> noSuchPrincipal();
      default ->
          Outcome.refused(
              Refusal.of(RefusalCode.INVALID_REQUEST, "principal_type must be namespace or api_key")
                  .withParam("principal_type"));
    };
  }

  /** Changes the rules. */
  public Outcome<Shown> change(
      Author author, PolicyCommand command, PolicyCommand.Terms terms, Asked<Shown> asked) {
    return parts
        .registry()
        .change(
            author.grant().namespace(),
            () -> {
              NamespaceSnapshot now = parts.registry().current(author.grant());
              return new PolicyDecider(parts.ticker().epochMicros(), parts.random())
                  .decide(now, command, terms)
                  .then(decision -> make(author, decision, asked));
            });
  }

  private Outcome<Shown> make(Author author, Decision decision, Asked<Shown> asked) {
    Shown shown =
        new Shown(
            decision.policy(),
            decision.next().bindings(decision.policy().id()).size(),
            decision.binding(),
            decision.next().policy(decision.policy().id()).isPresent()
                ? warnings.of(
                    decision.next(),
                    decision.policy(),
                    decision.binding(),
                    author.grant().scopes().allows(Scope.POLICY_READ))
                : List.of());
    if (asked.dryRun() || decision.change().equals(PolicyChange.NONE)) {
      return Outcome.done(shown);
    }
    NamespaceGrant grant = author.grant();
    PolicyChange change = withBaselines(grant.namespace(), decision);
    AuditEntry audit = audit(author.caller(), decision, asked.origin());
    if (!parts.store().open(grant).changeRules(change, asked.recorded(audit, shown))) {
      return Outcome.refused(RefusalCode.CONFLICT, "the namespace has just been deleted");
    }
    change
        .baselines()
        .forEach(
            (principal, nanos) -> parts.admission().baseline(grant.namespace(), principal, nanos));
    parts.registry().publish(decision.next());
    return Outcome.done(shown);
  }

  /** A total counts from its first binding: what a principal had spent by then is set aside. */
  private PolicyChange withBaselines(NamespaceId namespace, Decision decision) {
    PolicyChange change = decision.change();
    boolean grows = !change.saved().isEmpty() || !change.bound().isEmpty();
    if (!grows || !PolicyDecider.countsATotal(decision.policy().spec())) {
      return change;
    }
    Map<Principal, Long> baselines = new HashMap<>();
    for (Binding binding : decision.next().bindings(decision.policy().id())) {
      baselines.put(
          binding.principal(), parts.admission().lifetimeNanos(namespace, binding.principal()));
    }
    return new PolicyChange(
        change.saved(), change.deleted(), change.bound(), change.unbound(), baselines);
  }

  private AuditEntry audit(Caller caller, Decision decision, Origin origin) {
    AuditEntry entry =
        audits.entry(caller, decision.action(), "policy", decision.policy().id().text(), origin);
    return switch (decision.action()) {
      case "policy.bind" -> entry.after(text(decision.binding().orElseThrow()));
      case "policy.unbind" -> entry.before(text(decision.binding().orElseThrow()));
      case "policy.delete" -> entry.before(text(decision.policy()));
      default ->
          entry.before(decision.before().map(this::text).orElse("")).after(withBinding(decision));
    };
  }

  private String withBinding(Decision decision) {
    AuditText text = state(decision.policy());
    decision.binding().ifPresent(binding -> text.withJson("binding", text(binding)));
    return text.toString();
  }

  private String text(Policy policy) {
    return state(policy).toString();
  }

  private AuditText state(Policy policy) {
    PolicySpec spec = policy.spec();
    return new AuditText()
        .with("name", policy.name())
        .with("kind", spec.kind().text())
        .withJson("spec", parts.codec().write(spec))
        .with("revision", policy.revision())
        .with("locked", policy.locked())
        .with("disabled", !policy.enabled());
  }

  private static String text(Binding binding) {
    return new AuditText()
        .with("id", binding.id().text())
        .with("principal_type", binding.principal().kind().text())
        .with("principal_id", binding.principal().id())
        .toString();
  }

  private static Shown shown(NamespaceSnapshot rules, Policy policy) {
    return new Shown(policy, rules.bindings(policy.id()).size(), Optional.empty(), List.of());
  }

  private static <T> Outcome<T> noSuchPrincipal() {
    return Outcome.refused(
        Refusal.of(RefusalCode.NOT_FOUND, "no such principal")
            .withHint("principal_id is the id of a key of this namespace, or 'me' for all of it"));
  }
}
