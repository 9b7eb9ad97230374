package io.bitrouter.wire.translate;

import io.bitrouter.core.exchange.InferenceRequest.Role;
import io.bitrouter.core.exchange.InferenceRequest.Turn;
import io.bitrouter.core.exchange.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts the turns of a request into the one form that upstream codecs are given. */
final class Conversation {

  private Conversation() {}

  /**
   * The turns with neighbours of one role joined, empty texts and empty turns left out, and every
   * result carrying the name of its tool.
   *
   * @throws Untranslatable when a result answers no call, or a call before the last turn has none
   */
  static List<Turn> normalised(List<Turn> turns) {
    Map<String, String> names = new HashMap<>();
    Map<String, Integer> open = new LinkedHashMap<>();
    List<Turn> result = new ArrayList<>(turns.size());
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      List<Part> said = turn.parts().stream().filter(part -> !empty(part)).toList();
      if (said.isEmpty()) {
        continue;
      }
      boolean goesOn = !result.isEmpty() && result.getLast().role() == turn.role();
      if (turn.role() == Role.ASSISTANT && !goesOn) {
        answered(open);
      }
      List<Part> parts = new ArrayList<>(goesOn ? result.removeLast().parts() : List.of());
      for (Part part : said) {
        if (part instanceof Part.ToolCall call) {
          names.put(call.id(), call.name());
          open.put(call.id(), i);
          parts.add(part);
        } else if (part instanceof Part.ToolResult answer) {
          open.remove(answer.callId());
          parts.add(named(answer, names, i));
        } else {
          parts.add(part);
        }
      }
      result.add(new Turn(turn.role(), parts));
    }
    if (!result.isEmpty() && result.getLast().role() == Role.USER) {
      answered(open);
    }
    return result;
  }

  private static void answered(Map<String, Integer> open) {
    open.forEach((id, turn) -> {
      throw new Untranslatable(
          "turn " + turn,
          "the tool call '" + shown(id) + "' has no result; send one for each call");
    });
  }

  private static Part named(Part.ToolResult answer, Map<String, String> names, int turn) {
    Optional<String> name = Optional.ofNullable(names.get(answer.callId()));
    if (name.isEmpty()) {
      throw new Untranslatable(
          "turn " + turn,
          "the tool result for '" + shown(answer.callId()) + "' answers no call before it");
    }
    return new Part.ToolResult(
        answer.callId(), name, answer.content(), answer.error(), answer.cache());
  }

  private static boolean empty(Part part) {
    return part instanceof Part.Text text && text.text().isEmpty();
  }

  private static String shown(String id) {
    return id.length() <= 64 ? id : id.substring(0, 64) + "…";
  }
}
