package io.bitrouter.wire.fuzz;

import io.bitrouter.wire.Dialects;
import io.bitrouter.wire.sse.SseReference;
import java.util.List;

/** What is fuzzed, each as the fuzzer wants it: a class with a method that takes any bytes. */
public final class FuzzTargets {

  /** All of them. */
  static final List<Class<?>> ALL =
      List.of(Json.class, Sse.class, Chat.class, Messages.class, Responses.class, Gemini.class);

  private FuzzTargets() {}

  /** The readers of JSON. */
  public static final class Json {
    private Json() {}

    /** Fails when a reader does not keep its word about {@code input}. */
    public static void fuzzerTestOneInput(byte[] input) {
      JsonReaders.check(input);
    }
  }

  /** The reader of event streams. */
  public static final class Sse {
    private Sse() {}

    /** Fails when it reads {@code input} otherwise than the specification does. */
    public static void fuzzerTestOneInput(byte[] input) {
      SseReference.check(input);
    }
  }

  /** Clients of Chat Completions. */
  public static final class Chat {
    private Chat() {}

    /** Fails when the round trip of {@code input} does. */
    public static void fuzzerTestOneInput(byte[] input) {
      new RoundTrip(Dialects.CHAT).check(input);
    }
  }

  /** Clients of Messages. */
  public static final class Messages {
    private Messages() {}

    /** Fails when the round trip of {@code input} does. */
    public static void fuzzerTestOneInput(byte[] input) {
      new RoundTrip(Dialects.MESSAGES).check(input);
    }
  }

  /** Clients of Responses. */
  public static final class Responses {
    private Responses() {}

    /** Fails when the round trip of {@code input} does. */
    public static void fuzzerTestOneInput(byte[] input) {
      new RoundTrip(Dialects.RESPONSES).check(input);
    }
  }

  /** Clients of Gemini. */
  public static final class Gemini {
    private Gemini() {}

    /** Fails when the round trip of {@code input} does. */
    public static void fuzzerTestOneInput(byte[] input) {
      new RoundTrip(Dialects.GEMINI).check(input);
    }
  }
}
