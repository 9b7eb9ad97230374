package io.bitrouter.wire.sim;

import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** How one protocol says what the simulator has to say. Stateless. */
interface SimVoice {

  /** The body of a buffered answer. */
  byte[] whole(SimRequest request);

  /** Events before the content. */
  List<byte[]> opening(SimRequest request);

  /** Events of one chunk of content. */
  List<byte[]> chunk(SimRequest request, int index);

  /** Events after the content, the terminal one last. */
  List<byte[]> closing(SimRequest request);

  /** An error event. */
  byte[] errorEvent(String message);

  /** The body of an answer with an error status. */
  byte[] error(int status, String message);

  /** Writes a usage object, a member of the request's steering in place of the plain one. */
  static void usage(JsonGenerator json, SimRequest request, Consumer<UsageMembers> plain) {
    json.writeObjectPropertyStart("usage");
    UsageMembers members = new UsageMembers(json, request.steering());
    plain.accept(members);
    members.rest();
    json.writeEndObject();
  }
}
