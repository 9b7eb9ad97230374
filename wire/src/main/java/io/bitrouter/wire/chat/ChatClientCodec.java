package io.bitrouter.wire.chat;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.Reply;
import io.bitrouter.wire.error.UpstreamFault;
import io.bitrouter.wire.translate.ClientCodec;
import io.bitrouter.wire.translate.ReplyContext;
import io.bitrouter.wire.translate.ReplyWriter;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** How clients of OpenAI Chat Completions talk. Immutable. */
public final class ChatClientCodec implements ClientCodec {

  private final boolean usageAsked;

  /** For a client that asked for usage at the end of its stream, or did not. */
  public ChatClientCodec(boolean usageAsked) {
    this.usageAsked = usageAsked;
  }

  @Override
  public InferenceRequest read(JsonNode body, AskedRequest asked) {
    return new ChatRequestReader(body).read(asked);
  }

  @Override
  public ReplyWriter stream(ReplyContext context) {
    return new ChatStreamWriter(new ChatAnswer(context), usageAsked);
  }

  @Override
  public byte[] whole(Reply reply, ReplyContext context) {
    return new ChatAnswer(context).whole(reply);
  }

  @Override
  public byte[] failure(String message) {
    return ChatErrors.event(
        new UpstreamFault(
            Optional.of(message), Optional.empty(), Optional.empty(), Optional.empty()),
        message);
  }
}
