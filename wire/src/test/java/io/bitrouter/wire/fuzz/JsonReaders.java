package io.bitrouter.wire.fuzz;

import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.DialectRegistry;
import io.bitrouter.wire.Dialects;
import io.bitrouter.wire.control.ControlFormatException;
import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.Keys.MintKey;
import io.bitrouter.wire.control.Policies.PolicyDraft;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.json.RequestScan;
import io.bitrouter.wire.json.RequestScanner;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** The readers of JSON: what they accept is JSON and means the same to each of them. */
final class JsonReaders {

  private static final DialectRegistry ALL = new DialectRegistry();

  private JsonReaders() {}

  static void check(byte[] input) {
    scanned(input);
    object(input);
    control(input, MintKey.class);
    control(input, PolicyDraft.class);
    whole(ALL.embeddings(), input);
    whole(ALL.countTokens(), input);
  }

  private static void scanned(byte[] input) {
    if (RequestScanner.scan(input, RequestScanner.MEMBERS)
        instanceof Outcome.Done<RequestScan>(RequestScan scan)) {
      JsonNode tree = tree(input);
      if (tree.isMissingNode()) {
        return;
      }
      require(tree.isObject(), "not an object");
      require(tree.path("model").stringValue("").equals(scan.model()), "another model");
      require(tree.path("stream").booleanValue(false) == scan.stream(), "another stream");
      JsonNode at =
          Json.tree(input, scan.modelAt().start(), scan.modelAt().end() - scan.modelAt().start());
      require(at.equals(tree.path("model")), "the model is elsewhere");
    }
  }

  private static void object(byte[] input) {
    // Texts that nobody asks for are passed over, well-formed UTF-8 or not.
    String text = new String(input, StandardCharsets.UTF_8);
    if (Arrays.equals(text.getBytes(StandardCharsets.UTF_8), input)
        && Json.object(input, 0, input.length, (name, json) -> {})) {
      JsonNode tree = tree(input);
      if (tree.isMissingNode()) {
        return;
      }
      String written = Json.text(tree);
      require(
          written.equals(Json.text(tree(written.getBytes(StandardCharsets.UTF_8)))), "unstable");
    }
  }

  /** What is accepted without a tree can have numbers that exceed the limits of one. */
  private static JsonNode tree(byte[] input) {
    try {
      return Json.tree(input, 0, input.length);
    } catch (StreamConstraintsException e) {
      return MissingNode.getInstance();
    }
  }

  private static <T> void control(byte[] input, Class<T> type) {
    try {
      ControlJson.bytes(ControlJson.read(input, type));
    } catch (ControlFormatException e) {
      require(!String.valueOf(e.getMessage()).isBlank(), "refused without a word");
    }
  }

  private static void whole(Dialect dialect, byte[] input) {
    Dialects.decode(dialect, input);
    DecodedRequest request = Dialects.decoded(dialect, "{\"model\":\"m\"}");
    Passage passage = Dialects.passage(dialect, request, "m", OptionalLong.empty());
    Passage.WholeAnswer answer = passage.whole(input);
    if (answer.answered()) {
      require(Json.object(input, 0, input.length, (name, json) -> {}), "no object is an answer");
    }
    require(passage.upstreamRefusal(500, input, OptionalInt.empty()).status() >= 400, "status");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
