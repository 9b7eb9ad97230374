package io.bitrouter.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A {@link FakeUpstream} in a process of its own, which keeps a {@link Bill}.
 *
 * <p>Arguments: file of the bill, milliseconds before the first byte, milliseconds between chunks,
 * number of chunks. It writes its port and ends when its standard input does.
 */
public final class UpstreamMain {

  private UpstreamMain() {}

  /** Runs it. */
  public static void main(String[] arguments) throws IOException {
    UpstreamScript script =
        UpstreamScript.ok()
            .withChunks(Integer.parseInt(arguments[3]))
            .paced(
                Duration.ofMillis(Long.parseLong(arguments[1])),
                Duration.ofMillis(Long.parseLong(arguments[2])));
    try (FakeUpstream upstream = FakeUpstream.startWithBill(Path.of(arguments[0]))) {
      upstream.answer(script);
      System.out.println(upstream.port());
      while (System.in.read() >= 0) {
        // Nothing is said on standard input; its end is the message.
      }
    }
  }
}
