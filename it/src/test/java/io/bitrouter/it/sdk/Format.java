package io.bitrouter.it.sdk;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * How one vendor writes answers, as literal text: independent of the product's own codecs, with the
 * fields in the order in which the vendor sends them.
 */
interface Format {

  /** A whole answer. */
  String whole(Answer answer, String model);

  /** The events of a streamed answer. */
  List<String> events(Answer answer, String model);

  /** The body of a refusal. */
  String error(int status, String message);

  /** The event of a stream that fails half-way. */
  String errorEvent(String message);

  /** A text as JSON. */
  static String quoted(String text) {
    return JsonMapper.shared().writeValueAsString(text);
  }
}
