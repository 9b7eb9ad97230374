package io.bitrouter.node.http;

/** Who may call a route. A route cannot exist without saying so. */
public sealed interface Access {

  /** Anybody; the route shows nothing of any namespace. */
  record Public() implements Access {}

  /** Any valid credential. */
  record AnyCredential() implements Access {}

  /** A key with this scope; an operator credential is told to enter a namespace first. */
  record KeyWith(String scope) implements Access {}

  /** An operator credential with this scope. */
  record OperatorWith(String scope) implements Access {}

  /** A key with the one scope or an operator credential with the other. */
  record KeyOrOperator(String keyScope, String operatorScope) implements Access {}
}
