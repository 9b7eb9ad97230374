package io.bitrouter.node.http;

import io.bitrouter.core.control.PolicyCommand;
import io.bitrouter.core.control.PolicyCommand.Terms;
import io.bitrouter.core.control.PolicyService;
import io.bitrouter.core.control.PolicyService.Author;
import io.bitrouter.core.control.PolicyService.Shown;
import io.bitrouter.core.control.Warning;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.BindingId;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.policy.Principal;
import io.bitrouter.wire.control.Policies.Deleted;
import io.bitrouter.wire.control.Policies.PolicyBindingList;
import io.bitrouter.wire.control.Policies.PolicyBound;
import io.bitrouter.wire.control.Policies.PolicyChange;
import io.bitrouter.wire.control.Policies.PolicyDisabled;
import io.bitrouter.wire.control.Policies.PolicyDraft;
import io.bitrouter.wire.control.Policies.PolicyUnbound;
import io.bitrouter.wire.control.Policies.PrincipalRef;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** Policies of all kinds, what they are bound to and what that amounts to. */
record PolicyRoutes(PolicyService policies) {

  Outcome<Object> list(ControlRequest request) {
    Optional<String> word = request.exchange().query("kind");
    return word.isEmpty()
        ? Outcome.done(listed(request, Author.of(request.key()), Optional.empty()))
        : kind(word.get())
            .map(kind -> listed(request, Author.of(request.key()), Optional.of(kind)));
  }

  Outcome<Object> listLocked(ControlRequest request) {
    return author(request).map(author -> listed(request, author, Optional.empty()));
  }

  Outcome<Object> create(ControlRequest request) {
    return author(request)
        .then(author ->
            request
                .body(PolicyDraft.class)
                .then(body ->
                    kind(body.kind())
                        .then(kind -> PolicyBodies.read(kind, body.spec(), "spec"))
                        .then(spec ->
                            create(
                                request,
                                author,
                                body.name(),
                                spec,
                                body.bind(),
                                PolicyBodies::policy))));
  }

  Outcome<Object> show(ControlRequest request) {
    return show(request, Optional.empty(), PolicyBodies::policy);
  }

  Outcome<Object> update(ControlRequest request) {
    return author(request)
        .then(author ->
            request
                .body(PolicyChange.class)
                .then(body ->
                    change(
                        request,
                        author,
                        new PolicyCommand.Update(
                            id(request),
                            body.name(),
                            now ->
                                body.spec()
                                    .map(spec -> PolicyBodies.read(now.kind(), spec, "spec"))
                                    .orElseGet(() -> Outcome.done(now))),
                        Optional.empty(),
                        PolicyBodies::policy)));
  }

  Outcome<Object> delete(ControlRequest request) {
    return author(request).then(author -> delete(request, author, Optional.empty()));
  }

  Outcome<Object> disable(ControlRequest request) {
    return change(request, new PolicyCommand.Enable(id(request), false), PolicyRoutes::state);
  }

  Outcome<Object> enable(ControlRequest request) {
    return change(request, new PolicyCommand.Enable(id(request), true), PolicyRoutes::state);
  }

  Outcome<Object> bind(ControlRequest request) {
    return request
        .body(PrincipalRef.class)
        .then(body -> principal(request.key().grant(), body))
        .then(principal ->
            change(
                request,
                new PolicyCommand.Bind(id(request), principal),
                shown -> new PolicyBound(shown.binding().orElseThrow().id().text())));
  }

  Outcome<Object> unbind(ControlRequest request) {
    BindingId binding = new BindingId(request.param("binding_id"));
    return change(
        request, new PolicyCommand.Unbind(id(request), binding), unused -> new PolicyUnbound(true));
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
        .map(principal ->
            PolicyBodies.list(policies.boundTo(grant, principal), PolicyBodies::policy));
  }

  /** One policy of the kind, or of any. */
  Outcome<Object> show(
      ControlRequest request, Optional<PolicySpec.Kind> kind, Function<Shown, Object> body) {
    return policies
        .policy(request.key().grant(), id(request), terms(request, kind))
        .map(shown -> answer(request, shown, body));
  }

  /** Creates a policy and binds it to whom {@code bind} means. */
  Outcome<Object> create(
      ControlRequest request,
      Author author,
      String name,
      PolicySpec spec,
      Optional<PrincipalRef> bind,
      Function<Shown, Object> body) {
    Outcome<Optional<Principal>> principal =
        bind.isEmpty()
            ? Outcome.done(Optional.empty())
            : principal(author.grant(), bind.get()).map(Optional::of);
    return principal.then(to ->
        change(request, author, new PolicyCommand.Create(name, spec, to), Optional.empty(), body));
  }

  /** Changes a policy, which must be of the kind if one is given; {@code body} is the answer's. */
  Outcome<Object> change(
      ControlRequest request,
      Author author,
      PolicyCommand command,
      Optional<PolicySpec.Kind> kind,
      Function<Shown, Object> body) {
    return policies
        .change(author, command, terms(request, kind), request.asked(body))
        .map(shown -> answer(request, shown, body));
  }

  private Outcome<Object> change(
      ControlRequest request, PolicyCommand command, Function<Shown, Object> body) {
    return change(request, Author.of(request.key()), command, Optional.empty(), body);
  }

  /** Deletes a policy, which must be of the kind if one is given. */
  Outcome<Object> delete(ControlRequest request, Author author, Optional<PolicySpec.Kind> kind) {
    return policies
        .change(
            author, new PolicyCommand.Delete(id(request)), terms(request, kind), request.asked())
        .map(unused -> new Deleted(true));
  }

  /** A key changes its own namespace's rules, an operator those of the namespace in the path. */
  private Outcome<Author> author(ControlRequest request) {
    return switch (request.caller()) {
      case Caller.Key key -> Outcome.done(Author.of(key));
      case Caller.Operator operator ->
          policies.author(operator, new NamespaceId(request.param("id")));
    };
  }

  private Outcome<Principal> principal(NamespaceGrant grant, PrincipalRef ref) {
    return policies.principal(grant, ref.principalType(), ref.principalId());
  }

  /** The policy of the path; in an operator's, {@code id} is the namespace. */
  static PolicyId id(ControlRequest request) {
    return new PolicyId(request.param(byOperator(request) ? "policy_id" : "id"));
  }

  static Terms terms(ControlRequest request, Optional<PolicySpec.Kind> kind) {
    return new Terms(byOperator(request), kind, request.revision());
  }

  private static boolean byOperator(ControlRequest request) {
    return request.caller() instanceof Caller.Operator;
  }

  private static Outcome<String> queried(ControlRequest request, String name) {
    return request
        .exchange()
        .query(name)
        .map(Outcome::done)
        .orElseGet(
            () -> ControlRequest.invalid(name, "the query parameter " + name + " is needed"));
  }

  private ObjectNode listed(ControlRequest request, Author author, Optional<PolicySpec.Kind> kind) {
    return PolicyBodies.list(
        policies.list(author.grant(), terms(request, kind)), PolicyBodies::policy);
  }

  private static PolicyDisabled state(Shown shown) {
    return new PolicyDisabled(!shown.policy().enabled());
  }

  /** Says the warnings in the answer's head, where every route has a place for them. */
  private static Object answer(ControlRequest request, Shown shown, Function<Shown, Object> body) {
    shown.warnings().stream().map(Warning::code).forEach(request.warnings()::note);
    return Answer.revised(body.apply(shown), shown.policy().revision());
  }

  private static Outcome<PolicySpec.Kind> kind(String word) {
    return PolicySpec.Kind.of(word)
        .map(Outcome::done)
        .orElseGet(() ->
            ControlRequest.invalid(
                "kind",
                "kind must be one of "
                    + Arrays.stream(PolicySpec.Kind.values())
                        .map(PolicySpec.Kind::text)
                        .collect(Collectors.joining(", "))));
  }
}
