package io.bitrouter.it.sequence;

import io.bitrouter.it.node.RunningNode;
import io.bitrouter.testkit.Reply;
import java.util.Map;

/** What a sequence talks to: a node, or one with a hole. */
@FunctionalInterface
interface Front {

  /** The token that stands for the operator's. */
  String OPERATOR = "";

  /** Sends a request and returns its answer; an empty body is not sent. */
  Reply send(String token, String method, String path, String body);

  /** A node as it is. */
  static Front of(RunningNode node) {
    return (token, method, path, body) ->
        (token.equals(OPERATOR) ? node.operator() : node.with(token))
            .send(method, path, body, Map.of());
  }
}
