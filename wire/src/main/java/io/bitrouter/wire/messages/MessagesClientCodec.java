package io.bitrouter.wire.messages;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.Reply;
import io.bitrouter.wire.translate.ClientCodec;
import io.bitrouter.wire.translate.ReplyContext;
import io.bitrouter.wire.translate.ReplyWriter;
import tools.jackson.databind.JsonNode;

/** How clients of Anthropic Messages talk. Stateless and thread-safe. */
public final class MessagesClientCodec implements ClientCodec {

  /** The codec; has no state. */
  public MessagesClientCodec() {}

  @Override
  public InferenceRequest read(JsonNode body, AskedRequest asked) {
    return MessagesRequestReader.read(body, asked);
  }

  @Override
  public ReplyWriter stream(ReplyContext context) {
    return new MessagesReplyWriter(context);
  }

  @Override
  public byte[] whole(Reply reply, ReplyContext context) {
    return MessagesAnswer.whole(reply, context);
  }

  @Override
  public byte[] failure(String message) {
    return MessagesErrors.event(message);
  }
}
