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
    List<Turn> joined = joined(turns);
    Map<String, String> names = new HashMap<>();
    Map<String, Integer> open = new LinkedHashMap<>();
    List<Turn> result = new ArrayList<>(joined.size());
    for (int i = 0; i < joined.size(); i++) {
      Turn turn = joined.get(i);
      if (turn.role() == Role.ASSISTANT) {
        answered(open);
      }
      List<Part> parts = new ArrayList<>(turn.parts().size());
      for (Part part : turn.parts()) {
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
    if (!joined.isEmpty() && joined.getLast().role() == Role.USER) {
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

  private static List<Turn> joined(List<Turn> turns) {
    List<Turn> joined = new ArrayList<>(turns.size());
    for (Turn turn : turns) {
      List<Part> parts = turn.parts().stream().filter(part -> !empty(part)).toList();
      if (parts.isEmpty()) {
        continue;
      }
      if (!joined.isEmpty() && joined.getLast().role() == turn.role()) {
        List<Part> both = new ArrayList<>(joined.removeLast().parts());
        both.addAll(parts);
        joined.add(new Turn(turn.role(), both));
      } else {
        joined.add(new Turn(turn.role(), parts));
      }
    }
    return joined;
  }

  private static boolean empty(Part part) {
    return part instanceof Part.Text text && text.text().isEmpty();
  }

  private static String shown(String id) {
    return id.length() <= 64 ? id : id.substring(0, 64) + "…";
  }
}
