package io.bitrouter.testkit;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * What came of a body.
 *
 * @param whole whether that is all of it: the connection did not break off before its end
 */
record Received(byte[] bytes, boolean whole) {

  /** Takes a body, and what has come when it breaks off. */
  static BodySubscriber<Received> subscriber() {
    return new BodySubscriber<>() {
      private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      private final CompletableFuture<Received> received = new CompletableFuture<>();

      @Override
      public CompletionStage<Received> getBody() {
        return received;
      }

      @Override
      public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
      }

      @Override
      public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
          byte[] part = new byte[buffer.remaining()];
          buffer.get(part);
          bytes.writeBytes(part);
        }
      }

      @Override
      public void onError(Throwable thrown) {
        received.complete(new Received(bytes.toByteArray(), false));
      }

      @Override
      public void onComplete() {
        received.complete(new Received(bytes.toByteArray(), true));
      }
    };
  }
}
