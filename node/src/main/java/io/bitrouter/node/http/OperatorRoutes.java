package io.bitrouter.node.http;

import io.bitrouter.core.control.OperatorService;
import io.bitrouter.core.credential.OperatorMinter.Issued;
import io.bitrouter.core.credential.OperatorMinter.Wanted;
import io.bitrouter.core.credential.OperatorRecord;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.wire.control.Operators.IssueOperator;
import io.bitrouter.wire.control.Operators.IssuedOperator;
import io.bitrouter.wire.control.Operators.OperatorInfo;
import io.bitrouter.wire.control.Operators.OperatorList;
import io.bitrouter.wire.control.Operators.OperatorRevoked;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Operator credentials. */
record OperatorRoutes(OperatorService operators) {

  /** Most namespaces that a credential can be limited to. */
  private static final int MOST_NAMESPACES = 1_000;

  Outcome<Object> list(ControlRequest request) {
    return Outcome.done(
        new OperatorList(
            operators.operators(request.operator()).stream().map(OperatorRoutes::info).toList()));
  }

  Outcome<Object> issue(ControlRequest request) {
    return request
        .body(IssueOperator.class)
        .then(OperatorRoutes::wanted)
        .then(wanted ->
            operators.issue(request.operator(), wanted, request.asked(OperatorRoutes::issued)))
        .map(issued -> request.sent().dryRun() ? issued(issued, "") : issued(issued));
  }

  Outcome<Object> revoke(ControlRequest request) {
    return operators
        .revoke(request.operator(), request.param("id"), request.sent().dryRun())
        .map(others -> new OperatorRevoked(true, others));
  }

  private static Outcome<Wanted> wanted(IssueOperator body) {
    Optional<List<String>> namespaces = body.namespaces();
    if (namespaces.isPresent()
        && (namespaces.get().isEmpty() || namespaces.get().size() > MOST_NAMESPACES)) {
      return ControlRequest.invalid(
          "namespaces",
          "namespaces must name 1 to " + MOST_NAMESPACES + " namespaces, or be left out for all");
    }
    return Outcome.done(
        new Wanted(
            body.name(),
            body.scopes(),
            namespaces.map(ids ->
                new Reach.Only(ids.stream().map(NamespaceId::new).collect(Collectors.toSet()))),
            Bodies.micros(body.expiresAt())));
  }

  private static IssuedOperator issued(Issued issued) {
    return issued(issued, issued.token().whole().reveal());
  }

  private static IssuedOperator issued(Issued issued, String token) {
    OperatorRecord operator = issued.operator();
    return new IssuedOperator(
        token,
        operator.id(),
        operator.name(),
        operator.scopes().tokens(),
        namespaces(operator.reach()),
        Bodies.instant(operator.expiresAtMicros()));
  }

  private static OperatorInfo info(OperatorRecord operator) {
    return new OperatorInfo(
        operator.id(),
        operator.name(),
        "bro_" + operator.verifier().tokenId(),
        operator.scopes().tokens(),
        namespaces(operator.reach()),
        Bodies.instant(operator.createdAtMicros()),
        Bodies.instant(operator.expiresAtMicros()),
        Bodies.instant(operator.revokedAtMicros()));
  }

  private static Optional<List<String>> namespaces(Reach reach) {
    return switch (reach) {
      case Reach.Everything unused -> Optional.empty();
      case Reach.Only(var ids) ->
          Optional.of(ids.stream().map(NamespaceId::text).sorted().toList());
    };
  }
}
