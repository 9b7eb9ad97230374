package io.bitrouter.wire.translate;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.Reply;
import tools.jackson.databind.JsonNode;

/** How clients of one protocol talk. May hold what one request says of the form of its answer. */
public interface ClientCodec {

  /**
   * Reads a request.
   *
   * @param body one JSON object without duplicate members
   * @param asked what has been read of it already: model, stream, choices
   * @throws Untranslatable when it is not what the protocol says
   */
  InferenceRequest read(JsonNode body, AskedRequest asked);

  /** Content type of a stream. */
  default String streamType() {
    return "text/event-stream";
  }

  /** Writes a streamed answer. */
  ReplyWriter stream(ReplyContext context);

  /** Writes a whole answer. */
  byte[] whole(Reply reply, ReplyContext context);

  /** An event that says that the upstream failed in the middle of a stream. */
  byte[] failure(String message);

  /** The dialect's event of a failure in the place where the stream is; see {@code StreamTap}. */
  default byte[] broken(byte[] event) {
    return event;
  }
}
