package io.bitrouter.core.credential;

import java.util.List;

/** Who makes a request, with the grant that the credential carries. */
public sealed interface Caller {

  /** Id of the principal, for audit rows. */
  String id();

  /**
   * A key.
   *
   * @param key the principal
   * @param grant its authority over its one namespace
   */
  record Key(KeyRecord key, NamespaceGrant grant) implements Caller {
    @Override
    public String id() {
      return key.id().text();
    }
  }

  /**
   * An operator.
   *
   * @param operator the principal
   * @param grant its authority over the node
   */
  record Operator(OperatorRecord operator, OperatorGrant grant) implements Caller {
    @Override
    public String id() {
      return operator.id();
    }
  }

  /** The scopes it holds. */
  default List<String> scopes() {
    return switch (this) {
      case Key key -> key.grant().scopes().tokens();
      case Operator operator -> operator.grant().scopes().tokens();
    };
  }
}
