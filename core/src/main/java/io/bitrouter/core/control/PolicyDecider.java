package io.bitrouter.core.control;

import io.bitrouter.core.kernel.Label;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.policy.Binding;
import io.bitrouter.core.policy.BindingId;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.policy.Principal;
import io.bitrouter.core.snapshot.NamespaceSnapshot;
import io.bitrouter.core.store.PolicyChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Decides what a command does to a namespace's rules and touches nothing: what it answers is all
 * that a dry run shows, and all that is stored and published otherwise.
 *
 * @param nowMicros the moment, microseconds since the epoch
 * @param random for ids
 */
record PolicyDecider(long nowMicros, RandomGenerator random) {

  static final String NO_SUCH_POLICY = "no such policy";

  /**
   * Most policies of a namespace. This bound and the next two hold for a namespace's own policies
   * and for locked ones apart, so that nobody can keep an operator from locking another one.
   */
  static final int MOST_POLICIES = 1_000;

  /** Most policies bound to one principal: every request of its keys is judged by all of them. */
  static final int MOST_BOUND = 100;

  /** Most names and beginnings of names in all guardrails of a namespace. */
  static final int MOST_NAMES = 10_000;

  /** Most bindings of a namespace. */
  static final int MOST_BINDINGS = 10_000;

  /**
   * What a command does.
   *
   * @param action the word for the audit log, {@code policy.create}
   * @param change what is stored; {@link PolicyChange#NONE} when everything is as wanted already
   * @param next the rules afterwards
   * @param before the policy before
   * @param policy the policy afterwards, or the one that goes
   * @param binding the binding it was about
   */
  record Decision(
      String action,
      PolicyChange change,
      NamespaceSnapshot next,
      Optional<Policy> before,
      Policy policy,
      Optional<Binding> binding) {}

  Outcome<Decision> decide(
      NamespaceSnapshot now, PolicyCommand command, PolicyCommand.Terms terms) {
    return switch (command) {
      case PolicyCommand.Create create -> create(now, create, terms);
      case PolicyCommand.Update update ->
          changeable(now, update.id(), terms).then(policy -> update(now, policy, update));
      case PolicyCommand.Delete(PolicyId id) ->
          changeable(now, id, terms).map(policy -> delete(now, policy));
      case PolicyCommand.Enable(PolicyId id, boolean enabled) ->
          changeable(now, id, terms).map(policy -> enable(now, policy, enabled));
      case PolicyCommand.Bind(PolicyId id, Principal principal) ->
          changeable(now, id, terms).then(policy -> bind(now, policy, principal));
      case PolicyCommand.Unbind(PolicyId id, BindingId binding) ->
          changeable(now, id, terms).then(policy -> unbind(now, policy, binding));
    };
  }

  private Outcome<Decision> create(
      NamespaceSnapshot now, PolicyCommand.Create create, PolicyCommand.Terms terms) {
    Optional<String> fault = Label.fault("name", create.name());
    if (fault.isPresent()) {
      return badName(fault.get());
    }
    if (alike(now.policies(), terms.operator()).count() >= MOST_POLICIES) {
      return tooMany("a namespace has at most " + MOST_POLICIES + " policies");
    }
    if (names(create.spec()) > namesLeft(now, terms.operator())) {
      return tooManyNames();
    }
    if (create.bind().filter(to -> boundAlready(now, to, terms.operator())).isPresent()) {
      return tooManyBound();
    }
    Policy policy =
        new Policy(
            PolicyId.of(Ulid.next(nowMicros, random)),
            create.name().strip(),
            create.spec(),
            1,
            terms.operator(),
            nowMicros,
            nowMicros,
            OptionalLong.empty());
    Optional<Binding> binding = create.bind().map(principal -> binding(policy, principal));
    List<Policy> policies = new ArrayList<>(now.policies());
    policies.add(policy);
    List<Binding> bindings = new ArrayList<>(now.bindings());
    bindings.addAll(binding.stream().toList());
    PolicyChange change =
        new PolicyChange(List.of(policy), Set.of(), binding.stream().toList(), Set.of(), Map.of());
    return Outcome.done(
        new Decision(
            "policy.create",
            change,
            now.with(now.suspended(), policies, bindings),
            Optional.empty(),
            policy,
            binding));
  }

  private Outcome<Decision> update(
      NamespaceSnapshot now, Policy policy, PolicyCommand.Update update) {
    String name = update.name().orElse(policy.name());
    Optional<String> fault = Label.fault("name", name);
    if (fault.isPresent()) {
      return badName(fault.get());
    }
    return update
        .edit()
        .apply(policy.spec())
        .map(spec -> {
          boolean same = name.strip().equals(policy.name()) && spec.equals(policy.spec());
          return same
              ? nothing("policy.update", now, policy, Optional.empty())
              : saved("policy.update", now, policy, policy.with(name.strip(), spec, nowMicros));
        })
        .then(decision -> {
          long more = names(decision.policy().spec()) - names(policy.spec());
          return more > Math.max(0, namesLeft(now, policy.locked()))
              ? tooManyNames()
              : Outcome.done(decision);
        });
  }

  private Decision enable(NamespaceSnapshot now, Policy policy, boolean enabled) {
    String action = enabled ? "policy.enable" : "policy.disable";
    OptionalLong since = enabled ? OptionalLong.empty() : OptionalLong.of(nowMicros);
    return policy.enabled() == enabled
        ? nothing(action, now, policy, Optional.empty())
        : saved(action, now, policy, policy.disabled(since, nowMicros));
  }

  private static Decision delete(NamespaceSnapshot now, Policy policy) {
    return new Decision(
        "policy.delete",
        new PolicyChange(List.of(), Set.of(policy.id()), List.of(), Set.of(), Map.of()),
        now.with(
            now.suspended(),
            now.policies().stream().filter(other -> !other.id().equals(policy.id())).toList(),
            now.bindings().stream().filter(b -> !b.policy().equals(policy.id())).toList()),
        Optional.of(policy),
        policy,
        Optional.empty());
  }

  private Outcome<Decision> bind(NamespaceSnapshot now, Policy policy, Principal principal) {
    Optional<Binding> present =
        now.bindings(policy.id()).stream()
            .filter(binding -> binding.principal().equals(principal))
            .findFirst();
    if (present.isPresent()) {
      return Outcome.done(nothing("policy.bind", now, policy, present));
    }
    if (now.bindings().size() >= MOST_BINDINGS) {
      return tooMany("a namespace has at most " + MOST_BINDINGS + " bindings");
    }
    if (boundAlready(now, principal, policy.locked())) {
      return tooManyBound();
    }
    Binding binding = binding(policy, principal);
    List<Binding> bindings = new ArrayList<>(now.bindings());
    bindings.add(binding);
    return Outcome.done(
        new Decision(
            "policy.bind",
            new PolicyChange(List.of(), Set.of(), List.of(binding), Set.of(), Map.of()),
            now.with(now.suspended(), now.policies(), bindings),
            Optional.of(policy),
            policy,
            Optional.of(binding)));
  }

  private static Outcome<Decision> unbind(NamespaceSnapshot now, Policy policy, BindingId id) {
    Optional<Binding> found =
        now.bindings(policy.id()).stream().filter(one -> one.id().equals(id)).findFirst();
    return Outcome.found(found, "no such binding")
        .map(binding ->
            new Decision(
                "policy.unbind",
                new PolicyChange(List.of(), Set.of(), List.of(), Set.of(id), Map.of()),
                now.with(
                    now.suspended(),
                    now.policies(),
                    now.bindings().stream().filter(b -> !b.id().equals(id)).toList()),
                Optional.of(policy),
                policy,
                found));
  }

  /** The policy, if whoever asks may know of it and change it as it is now. */
  private static Outcome<Policy> changeable(
      NamespaceSnapshot now, PolicyId id, PolicyCommand.Terms terms) {
    return Outcome.found(visible(now, id, terms), NO_SUCH_POLICY)
        .then(policy -> changeable(policy, terms));
  }

  private static Outcome<Policy> changeable(Policy policy, PolicyCommand.Terms terms) {
    if (policy.locked() && !terms.operator()) {
      return Outcome.refused(
          Refusal.of(
                  RefusalCode.FORBIDDEN,
                  "policy '"
                      + policy.name()
                      + "' is locked: an operator of this node set it, and only an operator can"
                      + " change, disable, bind, unbind or delete it")
              .withPolicy(policy.id().text()));
    }
    if (!terms.revision().test(policy.revision())) {
      return Outcome.refused(
          Refusal.of(
                  RefusalCode.CONFLICT,
                  "the policy is at revision %d now, which If-Match does not name"
                      .formatted(policy.revision()))
              .withHint("read it again and repeat the change with its new ETag"));
    }
    return Outcome.done(policy);
  }

  /** The policy of that id, if the terms allow to see it. */
  static Optional<Policy> visible(NamespaceSnapshot now, PolicyId id, PolicyCommand.Terms terms) {
    return now.policy(id)
        .filter(policy -> terms.kind().filter(kind -> kind != policy.spec().kind()).isEmpty())
        .filter(policy -> policy.locked() || !terms.operator());
  }

  private static Decision saved(String action, NamespaceSnapshot now, Policy before, Policy after) {
    List<Policy> policies =
        now.policies().stream().map(p -> p.id().equals(after.id()) ? after : p).toList();
    return new Decision(
        action,
        PolicyChange.save(after),
        now.with(now.suspended(), policies, now.bindings()),
        Optional.of(before),
        after,
        Optional.empty());
  }

  private static Decision nothing(
      String action, NamespaceSnapshot now, Policy policy, Optional<Binding> binding) {
    return new Decision(action, PolicyChange.NONE, now, Optional.of(policy), policy, binding);
  }

  private Binding binding(Policy policy, Principal principal) {
    return new Binding(
        BindingId.of(Ulid.next(nowMicros, random)), policy.id(), principal, nowMicros);
  }

  private static <T> Outcome<T> badName(String fault) {
    return Outcome.refused(Refusal.of(RefusalCode.INVALID_REQUEST, fault).withParam("name"));
  }

  private static <T> Outcome<T> tooMany(String bound) {
    return Outcome.refused(
        Refusal.of(RefusalCode.CONFLICT, bound).withHint("delete some that are no longer needed"));
  }

  private static <T> Outcome<T> tooManyBound() {
    return tooMany("at most " + MOST_BOUND + " policies can be bound to one principal");
  }

  private static <T> Outcome<T> tooManyNames() {
    return tooMany("the guardrails of a namespace hold at most " + MOST_NAMES + " names in all");
  }

  private static Stream<Policy> alike(List<Policy> policies, boolean locked) {
    return policies.stream().filter(policy -> policy.locked() == locked);
  }

  private static boolean boundAlready(NamespaceSnapshot now, Principal to, boolean locked) {
    return alike(now.boundTo(to), locked).count() >= MOST_BOUND;
  }

  private static long namesLeft(NamespaceSnapshot now, boolean locked) {
    return MOST_NAMES - alike(now.policies(), locked).mapToLong(p -> names(p.spec())).sum();
  }

  private static long names(PolicySpec spec) {
    return spec.guardrail()
        .map(rail ->
            Stream.of(
                    rail.modelAllow(),
                    rail.modelDeny(),
                    rail.toolsAllow(),
                    rail.toolsDeny(),
                    rail.providersAllow(),
                    rail.providersDeny())
                .flatMap(Optional::stream)
                .mapToLong(List::size)
                .sum())
        .orElse(0L);
  }

  /** Whether a total budget is part of what {@code spec} says. */
  static boolean countsATotal(PolicySpec spec) {
    return spec.budget()
        .filter(budget -> budget.window() instanceof BudgetWindow.Total)
        .isPresent();
  }
}
