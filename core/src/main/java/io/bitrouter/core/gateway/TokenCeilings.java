package io.bitrouter.core.gateway;

import io.bitrouter.core.catalog.ModelId;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.namespace.NamespaceId;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many tokens a byte of text has been at most, learned from a namespace's settled requests for
 * each model. What one namespace sends teaches nothing about another. Thread-safe.
 */
final class TokenCeilings {

  /** Requests after which what was learned is believed even when it is low. */
  static final int ROWS_TO_BELIEVE = 100;

  /** Texts shorter than this say more about the protocol's overhead than about the text. */
  private static final long SHORTEST_TEXT = 512;

  private static final long MILLION = 1_000_000;
  private static final long HALF = MILLION / 2;
  private static final int MOST_LEARNED = 100_000;

  private record Subject(NamespaceId namespace, ModelId model) {}

  /** Tokens per million bytes. */
  private record Learned(int inputs, long input, int outputs, long output) {
    static final Learned NOTHING = new Learned(0, 0, 0, 0);

    Learned withInput(long ratio) {
      return new Learned(
          Math.min(inputs + 1, ROWS_TO_BELIEVE), Math.max(input, ratio), outputs, output);
    }

    Learned withOutput(long ratio) {
      return new Learned(
          inputs, input, Math.min(outputs + 1, ROWS_TO_BELIEVE), Math.max(output, ratio));
    }
  }

  private final ConcurrentHashMap<Subject, Learned> learned = new ConcurrentHashMap<>();

  /**
   * Learns from a request whose usage the upstream has reported.
   *
   * @param outputBytes bytes of text it was answered with
   */
  void learn(NamespaceId namespace, RequestPlanner.Plan plan, long outputBytes, TokenUsage usage) {
    AskedRequest asked = plan.asked();
    ModelId model = plan.target().model().id();
    boolean input = asked.mediaParts() == 0 && asked.inputBytes() >= SHORTEST_TEXT;
    boolean output = outputBytes >= SHORTEST_TEXT;
    Subject subject = new Subject(namespace, model);
    if ((input || output) && (learned.size() < MOST_LEARNED || learned.containsKey(subject))) {
      Learned now = learned.getOrDefault(subject, Learned.NOTHING);
      long inputRatio = input ? ratio(usage.promptTokens(), asked.inputBytes()) : 0;
      long outputRatio = output ? ratio(usage.completionTokens(), outputBytes) : 0;
      if (input && (now.inputs() < ROWS_TO_BELIEVE || inputRatio > now.input())) {
        learned.merge(
            subject, Learned.NOTHING.withInput(inputRatio), (a, b) -> a.withInput(b.input()));
      }
      if (output && (now.outputs() < ROWS_TO_BELIEVE || outputRatio > now.output())) {
        learned.merge(
            subject, Learned.NOTHING.withOutput(outputRatio), (a, b) -> a.withOutput(b.output()));
      }
    }
  }

  /** Tokens that {@code bytes} of input are at most, by all that is known. */
  long input(NamespaceId namespace, ModelId model, long bytes) {
    Learned known = learned.getOrDefault(new Subject(namespace, model), Learned.NOTHING);
    return tokens(bytes, ceiling(known.inputs(), known.input()));
  }

  /** Tokens per million bytes of output at most, by all that is known. */
  long outputPerMillionBytes(NamespaceId namespace, ModelId model) {
    Learned known = learned.getOrDefault(new Subject(namespace, model), Learned.NOTHING);
    return ceiling(known.outputs(), known.output());
  }

  /** Tokens of {@code bytes} at {@code perMillionBytes}, rounded up. */
  static long tokens(long bytes, long perMillionBytes) {
    return Math.ceilDiv(Math.min(bytes, TokenUsage.BUCKET_LIMIT) * perMillionBytes, MILLION);
  }

  /**
   * A token stands for at least one byte. What is beyond was not in the text, but in what tools of
   * the provider read or in thinking that is not shown, and teaches nothing about other texts.
   */
  private static long ratio(long tokens, long bytes) {
    return Math.min(MILLION, Math.ceilDiv(tokens * MILLION, bytes));
  }

  /** A tenth more than was ever seen; half a token a byte until enough has been seen. */
  private static long ceiling(int rows, long most) {
    long seen = most + most / 10;
    return rows >= ROWS_TO_BELIEVE ? seen : Math.max(seen, HALF);
  }
}
