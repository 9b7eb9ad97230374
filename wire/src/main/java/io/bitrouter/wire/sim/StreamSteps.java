package io.bitrouter.wire.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The steps of a stream, made one chunk of content at a time. */
record StreamSteps(SimVoice voice, SimRequest request) implements Iterable<Step> {

  @Override
  public Iterator<Step> iterator() {
    return new Steps(voice, request);
  }

  private static final class Steps implements Iterator<Step> {
    private final SimVoice voice;
    private final SimRequest request;
    private final Steering steering;
    private final Deque<Step> ready = new ArrayDeque<>();
    private int nextChunk;
    private boolean ended;

    Steps(SimVoice voice, SimRequest request) {
      this.voice = voice;
      this.request = request;
      this.steering = request.steering();
      delay(steering.firstMillis());
      if (!failsAt(0)) {
        send(voice.opening(request));
      }
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && !ended) {
        advance();
      }
      return !ready.isEmpty();
    }

    @Override
    public Step next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.removeFirst();
    }

    private void advance() {
      if (failsAt(nextChunk)) {
        fail();
        ended = true;
      } else if (nextChunk < request.content().chunks()) {
        if (nextChunk > 0) {
          delay(steering.chunkMillis());
        }
        send(voice.chunk(request, nextChunk));
        nextChunk++;
      } else {
        send(voice.closing(request));
        ended = true;
      }
    }

    private boolean failsAt(int chunk) {
      return at(steering.resetAtChunk().orElse(Integer.MAX_VALUE), chunk)
          || at(steering.truncateAtChunk().orElse(Integer.MAX_VALUE), chunk)
          || at(steering.errorAtChunk().orElse(Integer.MAX_VALUE), chunk);
    }

    /** A failure that is planned for later than the last chunk happens after it. */
    private boolean at(int planned, int chunk) {
      return planned != Integer.MAX_VALUE && chunk >= Math.min(planned, request.content().chunks());
    }

    private void fail() {
      if (at(steering.errorAtChunk().orElse(Integer.MAX_VALUE), nextChunk)) {
        ready.add(new Step.Chunk(voice.errorEvent("simulated error")));
      } else if (at(steering.resetAtChunk().orElse(Integer.MAX_VALUE), nextChunk)) {
        ready.add(new Step.Reset());
      } else {
        ready.add(new Step.Truncate());
      }
    }

    private void delay(long millis) {
      if (millis > 0) {
        ready.add(new Step.Delay(millis));
      }
    }

    private void send(List<byte[]> events) {
      for (byte[] event : events) {
        ready.add(new Step.Chunk(event));
      }
    }
  }
}
