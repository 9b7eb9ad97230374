package io.bitrouter.node.transport;

import io.bitrouter.core.gateway.Upstream.UpstreamFailure;
import io.netty.buffer.ByteBuf;

/** Takes the body of an answer, on the event loop. */
interface BodyConsumer {

  /** Takes bytes and releases them. */
  void data(ByteBuf bytes);

  /** No more bytes are at hand for now. */
  void readComplete();

  /** The body has ended; the last call. */
  void end();

  /** There will be no more of it; the last call. */
  void failed(UpstreamFailure failure);

  /** The client has gone; true if the answer is wanted nevertheless. */
  boolean clientGone();
}
