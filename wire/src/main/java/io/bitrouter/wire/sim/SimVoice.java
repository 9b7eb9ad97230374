package io.bitrouter.wire.sim;

import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How one protocol says what the simulator has to say. Stateless. */
interface SimVoice {

  /** The body of a buffered answer. */
  ObjectNode whole(SimRequest request);

  /** Events before the content. */
  List<byte[]> opening(SimRequest request);

  /** Events of one chunk of content. */
  List<byte[]> chunk(SimRequest request, int index);

  /** Events after the content, the terminal one last. */
  List<byte[]> closing(SimRequest request);

  /** An error event. */
  byte[] errorEvent(String message);

  /** The body of an answer with an error status. */
  ObjectNode error(int status, String message);

  /** An empty object. */
  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
