package io.bitrouter.wire.translate;

import io.bitrouter.core.exchange.InferenceRequest.Role;
import io.bitrouter.core.exchange.InferenceRequest.Turn;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.core.gateway.SignatureVault;
import io.bitrouter.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a provider signed and wants back with the results of the tools it called. A client of
 * another protocol does not send it back; it is kept under the id of the call, which it does.
 *
 * @param issuer the protocol that can read it
 * @param thoughts what the model thought before the call
 * @param call the seal on the call itself
 */
record Recollection(Protocol issuer, List<Part.Reasoning> thoughts, Optional<Signature> call) {

  /** Keeps what the parts of an answer hold that is signed. */
  static void keep(List<Part> parts, SignatureVault vault) {
    List<Part.Reasoning> thoughts = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Part.Reasoning thought && thought.signature().isPresent()) {
        thoughts.add(thought);
      } else if (part instanceof Part.ToolCall call) {
        Optional<Protocol> issuer =
            call.signature()
                .or(() -> thoughts.stream().flatMap(each -> each.signature().stream()).findFirst())
                .map(Signature::issuer);
        issuer.ifPresent(protocol ->
            vault.keep(
                call.id(),
                new Recollection(protocol, List.copyOf(thoughts), call.signature()).bytes()));
        thoughts.clear();
      }
    }
  }

  /** The turns with what is remembered of their calls and {@code target} can read. */
  static List<Turn> restore(List<Turn> turns, Protocol target, SignatureVault vault) {
    List<Turn> restored = new ArrayList<>(turns.size());
    for (Turn turn : turns) {
      restored.add(turn.role() == Role.ASSISTANT ? restored(turn, target, vault) : turn);
    }
    return restored;
  }

  private static Turn restored(Turn turn, Protocol target, SignatureVault vault) {
    List<Part> parts = new ArrayList<>(turn.parts().size());
    for (Part part : turn.parts()) {
      if (part instanceof Part.Reasoning thought && !readable(thought.signature(), target)) {
        // A thought that the target cannot verify is not its own: it would be refused.
        continue;
      }
      if (!(part instanceof Part.ToolCall call)) {
        parts.add(part);
        continue;
      }
      Optional<Recollection> kept =
          vault.find(call.id()).flatMap(Recollection::of).filter(it -> it.issuer() == target);
      kept.ifPresent(
          it -> it.thoughts().stream().filter(each -> !parts.contains(each)).forEach(parts::add));
      Optional<Signature> seal = call.signature().filter(it -> it.issuer() == target);
      parts.add(
          new Part.ToolCall(
              call.id(),
              call.name(),
              call.arguments(),
              call.freeform(),
              seal.or(() -> kept.flatMap(Recollection::call))));
    }
    return new Turn(turn.role(), parts);
  }

  private static boolean readable(Optional<Signature> signature, Protocol target) {
    return signature.filter(it -> it.issuer() == target).isPresent();
  }

  private byte[] bytes() {
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeStringProperty("issuer", issuer.text());
      call.ifPresent(seal -> json.writeStringProperty("call", seal.value()));
      json.writeArrayPropertyStart("thoughts");
      for (Part.Reasoning thought : thoughts) {
        json.writeStartObject();
        json.writeStringProperty("text", thought.text());
        json.writeStringProperty("signature", thought.signature().map(Signature::value).orElse(""));
        json.writeBooleanProperty("redacted", thought.redacted());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static Optional<Recollection> of(byte[] bytes) {
    try {
      JsonNode json = Json.tree(bytes, 0, bytes.length);
      for (Protocol issuer : Protocol.values()) {
        if (issuer.text().equals(json.path("issuer").stringValue(""))) {
          return Optional.of(of(json, issuer));
        }
      }
      return Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static Recollection of(JsonNode json, Protocol issuer) {
    List<Part.Reasoning> thoughts = new ArrayList<>();
    for (JsonNode thought : json.path("thoughts")) {
      Signature seal = new Signature(issuer, thought.path("signature").stringValue(""));
      thoughts.add(
          new Part.Reasoning(
              thought.path("text").stringValue(""),
              Optional.of(seal),
              thought.path("redacted").booleanValue(false)));
    }
    Optional<Signature> call =
        json.has("call")
            ? Optional.of(new Signature(issuer, json.path("call").stringValue("")))
            : Optional.empty();
    return new Recollection(issuer, thoughts, call);
  }
}
