package io.bitrouter.node.http;

import io.bitrouter.core.control.Asked;
import io.bitrouter.core.control.PolicyCommand;
import io.bitrouter.core.control.PolicyCommand.Terms;
import io.bitrouter.core.control.PolicyService;
import io.bitrouter.core.control.PolicyService.Author;
import io.bitrouter.core.control.PolicyService.Shown;
import io.bitrouter.core.control.Warning;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.BindingId;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.policy.Principal;
import io.bitrouter.wire.control.Deleted;
import io.bitrouter.wire.control.PolicyBindingList;
import io.bitrouter.wire.control.PolicyBound;
import io.bitrouter.wire.control.PolicyChange;
import io.bitrouter.wire.control.PolicyDisabled;
import io.bitrouter.wire.control.PolicyDraft;
import io.bitrouter.wire.control.PolicyList;
import io.bitrouter.wire.control.PolicyUnbound;
import io.bitrouter.wire.control.PrincipalRef;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Policies of all kinds, what they are bound to and what that amounts to. */
final class PolicyRoutes {

  private final PolicyService policies;

  PolicyRoutes(PolicyService policies) {
    this.policies = policies;
  }

  Outcome<Object> list(ControlRequest request) {
    Optional<String> word = request.exchange().query("kind");
    Optional<PolicySpec.Kind> kind = word.flatMap(PolicySpec.Kind::of);
    if (word.isPresent() && kind.isEmpty()) {
      return unknownKind();
    }
    Terms terms = new Terms(false, kind, unused -> true);
    return Outcome.done(listed(policies.list(request.key().grant(), terms)));
  }

  Outcome<Object> create(ControlRequest request) {
    return create(request, Author.of(request.key()), false);
  }

  private Outcome<Object> create(ControlRequest request, Author author, boolean operator) {
    return request
        .body(PolicyDraft.class)
        .then(body -> {
          Optional<PolicySpec.Kind> kind = PolicySpec.Kind.of(body.kind());
          return kind.isEmpty()
              ? unknownKind()
              : PolicyBodies.read(kind.get(), body.spec(), "spec")
                  .then(spec ->
                      bind(author.grant(), body.bind())
                          .then(bind -> {
                            Asked<Shown> asked = request.asked(PolicyBodies::policy);
                            return policies.change(
                                author,
                                new PolicyCommand.Create(body.name(), spec, bind),
                                new Terms(operator, Optional.empty(), unused -> true),
                                asked);
                          }))
                  .map(shown -> answer(request, shown));
        });
  }

  Outcome<Object> show(ControlRequest request) {
    return policies
        .policy(request.key().grant(), id(request), Terms.ANY)
        .map(shown -> answer(request, shown));
  }

  Outcome<Object> update(ControlRequest request) {
    return update(request, Author.of(request.key()), "id", false);
  }

  private Outcome<Object> update(
      ControlRequest request, Author author, String param, boolean operator) {
    return request
        .body(PolicyChange.class)
        .then(body ->
            policies.change(
                author,
                new PolicyCommand.Update(
                    new PolicyId(request.param(param)),
                    body.name(),
                    now ->
                        body.spec()
                            .map(spec -> PolicyBodies.read(now.kind(), spec, "spec"))
                            .orElseGet(() -> Outcome.done(now))),
                new Terms(operator, Optional.empty(), request.revision()),
                request.asked()))
        .map(shown -> answer(request, shown));
  }

  Outcome<Object> delete(ControlRequest request) {
    return change(request, new PolicyCommand.Delete(id(request))).map(unused -> new Deleted(true));
  }

  Outcome<Object> disable(ControlRequest request) {
    return enabled(request, false);
  }

  Outcome<Object> enable(ControlRequest request) {
    return enabled(request, true);
  }

  private Outcome<Object> enabled(ControlRequest request, boolean enabled) {
    return change(request, new PolicyCommand.Enable(id(request), enabled))
        .map(shown -> {
          note(request, shown);
          return Answer.revised(
              new PolicyDisabled(!shown.policy().enabled()), shown.policy().revision());
        });
  }

  Outcome<Object> bind(ControlRequest request) {
    return request
        .body(PrincipalRef.class)
        .then(body -> principal(request.key().grant(), body))
        .then(principal ->
            policies.change(
                Author.of(request.key()),
                new PolicyCommand.Bind(id(request), principal),
                new Terms(false, Optional.empty(), request.revision()),
                request.asked(PolicyRoutes::bound)))
        .map(shown -> {
          note(request, shown);
          return Answer.revised(bound(shown), shown.policy().revision());
        });
  }

  Outcome<Object> unbind(ControlRequest request) {
    BindingId binding = new BindingId(request.param("binding_id"));
    return change(request, new PolicyCommand.Unbind(id(request), binding))
        .map(shown -> {
          note(request, shown);
          return Answer.revised(new PolicyUnbound(true), shown.policy().revision());
        });
  }

  Outcome<Object> bindings(ControlRequest request) {
    return policies
        .bindings(request.key().grant(), id(request))
        .map(bindings ->
            new PolicyBindingList(bindings.stream().map(PolicyBodies::binding).toList()));
  }

  Outcome<Object> effective(ControlRequest request) {
    NamespaceGrant grant = request.key().grant();
    return queried(request, "principal_type")
        .then(type ->
            queried(request, "principal_id").then(id -> policies.principal(grant, type, id)))
        .map(principal -> PolicyBodies.effective(policies.effective(grant, principal)));
  }

  Outcome<Object> ofPrincipal(ControlRequest request) {
    NamespaceGrant grant = request.key().grant();
    return policies
        .principal(grant, request.param("type"), request.param("id"))
        .map(principal -> listed(policies.boundTo(grant, principal)));
  }

  Outcome<Object> listLocked(ControlRequest request) {
    return author(request)
        .map(author ->
            listed(
                policies.list(author.grant(), new Terms(true, Optional.empty(), unused -> true))));
  }

  Outcome<Object> createLocked(ControlRequest request) {
    return author(request).then(author -> create(request, author, true));
  }

  Outcome<Object> updateLocked(ControlRequest request) {
    return author(request).then(author -> update(request, author, "policy_id", true));
  }

  Outcome<Object> deleteLocked(ControlRequest request) {
    return author(request)
        .then(author ->
            policies.change(
                author,
                new PolicyCommand.Delete(new PolicyId(request.param("policy_id"))),
                new Terms(true, Optional.empty(), request.revision()),
                request.asked()))
        .map(unused -> new Deleted(true));
  }

  private Outcome<Author> author(ControlRequest request) {
    return policies.author(request.operator(), new NamespaceId(request.param("id")));
  }

  private Outcome<Shown> change(ControlRequest request, PolicyCommand command) {
    return policies.change(
        Author.of(request.key()),
        command,
        new Terms(false, Optional.empty(), request.revision()),
        request.asked());
  }

  /** Whom the member {@code bind} of a body means. */
  Outcome<Optional<Principal>> bind(NamespaceGrant grant, Optional<PrincipalRef> bind) {
    return bind.isEmpty()
        ? Outcome.done(Optional.empty())
        : principal(grant, bind.get()).map(Optional::of);
  }

  private Outcome<Principal> principal(NamespaceGrant grant, PrincipalRef ref) {
    return policies.principal(grant, ref.principalType(), ref.principalId());
  }

  private static PolicyId id(ControlRequest request) {
    return new PolicyId(request.param("id"));
  }

  private static Outcome<String> queried(ControlRequest request, String name) {
    return request
        .exchange()
        .query(name)
        .map(Outcome::done)
        .orElseGet(
            () -> ControlRequest.invalid(name, "the query parameter " + name + " is needed"));
  }

  private static PolicyList listed(List<Shown> shown) {
    return new PolicyList(shown.stream().map(PolicyBodies::policy).toList());
  }

  private static PolicyBound bound(Shown shown) {
    return new PolicyBound(shown.binding().orElseThrow().id().text());
  }

  private static Object answer(ControlRequest request, Shown shown) {
    note(request, shown);
    return Answer.revised(PolicyBodies.policy(shown), shown.policy().revision());
  }

  /** Says the warnings in the answer's head, where every route has a place for them. */
  static void note(ControlRequest request, Shown shown) {
    shown.warnings().stream().map(Warning::code).forEach(request.warnings()::note);
  }

  private static <T> Outcome<T> unknownKind() {
    return ControlRequest.invalid(
        "kind",
        "kind must be one of "
            + Arrays.stream(PolicySpec.Kind.values())
                .map(PolicySpec.Kind::text)
                .collect(Collectors.joining(", ")));
  }
}
