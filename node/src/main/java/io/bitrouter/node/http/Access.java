package io.bitrouter.node.http;

import java.util.List;

/** Who may call a route. A route cannot exist without saying so. */
public sealed interface Access {

  /** Anybody; the route shows nothing of any namespace. */
  record Public() implements Access {}

  /** Any valid credential. */
  record AnyCredential() implements Access {}

  /**
   * A key with all of these scopes, any key when there are none; an operator credential is told to
   * enter a namespace first.
   */
  record KeyWith(List<String> scopes) implements Access {
    KeyWith(String... scopes) {
      this(List.of(scopes));
    }
  }

  /** An operator credential with this scope. */
  record OperatorWith(String scope) implements Access {}

  /** A key with the one scope or an operator credential with the other. */
  record KeyOrOperator(String keyScope, String operatorScope) implements Access {}
}
