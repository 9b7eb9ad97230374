package io.bitrouter.it.sequence;

import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.Walk;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Sends what a sequence asks and holds each answer against what the reference expects.
 *
 * @param front what is asked
 * @param walk what has been done
 * @param outcomes takes what was expected, so that a test can tell what its sequences have tried
 */
record Asking(Front front, Walk walk, Set<String> outcomes) {

  /** Sends one request; its answer is as expected, or this fails. */
  Reply ask(String token, String line, String body, Expected expected) {
    outcomes.add(expected.toString());
    walk.step(line + " " + body + " -> " + expected);
    String method = line.substring(0, line.indexOf(' '));
    Reply reply = front.send(token, method, line.substring(line.indexOf(' ') + 1), body);
    Expected got = Expected.refused(reply.status(), code(reply));
    if (!got.toString().equals(expected.toString())) {
      throw new AssertionError(line + ": expected " + expected + ", got " + got + "\n" + reply);
    }
    if (!expected.policies().isEmpty()) {
      String policy = reply.header("x-bitrouter-policy").orElse("none");
      same(line + ": the policy in the way", expected.policies().contains(policy), true);
    }
    return reply;
  }

  /** The error's code, where the control plane or a protocol has it. */
  private static String code(Reply reply) {
    if (reply.status() == 200) {
      return "";
    }
    JsonNode error = reply.json();
    return error.path("code").asString(error.at("/error/code").asString("none"));
  }

  /** The same for its body. */
  JsonNode json(String token, String line, String body, Expected expected) {
    return ask(token, line, body, expected).json();
  }

  /** Fails when the product says something else than the reference. */
  void same(String what, Object product, Object reference) {
    if (!product.equals(reference)) {
      throw new AssertionError(what + ": expected " + reference + ", got " + product);
    }
  }
}
