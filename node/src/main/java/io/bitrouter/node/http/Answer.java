package io.bitrouter.node.http;

import io.bitrouter.core.gateway.HeaderField;
import java.util.List;

/** A body to be written as JSON, with header fields of its own. */
record Answer(Object body, List<HeaderField> fields) {

  /** A thing that has revisions, so that a client can say which one it changes. */
  static Answer revised(Object body, long revision) {
    return new Answer(body, List.of(new HeaderField("etag", "\"" + revision + "\"")));
  }
}
