package io.bitrouter.core.gateway;

import io.bitrouter.core.catalog.ModelId;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.namespace.NamespaceId;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many tokens a byte of text has been at most, learned from a namespace's latest settled
 * requests for each model. What one namespace sends teaches nothing about another. Thread-safe.
 */
final class TokenCeilings {

  /**
   * Requests after which what was learned is believed even when it is low, and for which it is
   * remembered at least.
   */
  static final int ROWS_TO_BELIEVE = 100;

  /** Texts shorter than this say more about the protocol's overhead than about the text. */
  private static final long SHORTEST_TEXT = 512;

  private static final long MILLION = 1_000_000;
  private static final long HALF = MILLION / 2;
  private static final int MOST_LEARNED = 100_000;

  private record Subject(NamespaceId namespace, ModelId model) {}

  /**
   * The most that was seen in the present hundred requests and in the hundred before, tokens per
   * million bytes: an odd answer is forgotten after two hundred others.
   */
  private record Seen(int rows, boolean believed, long most, long mostBefore) {
    static final Seen NOTHING = new Seen(0, false, 0, 0);

    Seen with(long ratio) {
      long now = Math.max(most, ratio);
      return rows + 1 < ROWS_TO_BELIEVE
          ? new Seen(rows + 1, believed, now, mostBefore)
          : new Seen(0, true, 0, now);
    }

    /** A tenth more than was seen; half a token a byte until enough has been seen. */
    long ceiling() {
      long highest = Math.max(most, mostBefore);
      long seen = highest + highest / 10;
      return believed ? seen : Math.max(seen, HALF);
    }
  }

  private record Learned(Seen input, Seen output) {
    static final Learned NOTHING = new Learned(Seen.NOTHING, Seen.NOTHING);
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
      learned.putIfAbsent(subject, Learned.NOTHING);
      learned.computeIfPresent(
          subject,
          (unused, known) ->
              new Learned(
                  input
                      ? known.input().with(ratio(usage.promptTokens(), asked.inputBytes()))
                      : known.input(),
                  output
                      ? known.output().with(ratio(usage.completionTokens(), outputBytes))
                      : known.output()));
    }
  }

  /** Tokens that {@code bytes} of input are at most, by all that is known. */
  long input(NamespaceId namespace, ModelId model, long bytes) {
    Learned known = learned.getOrDefault(new Subject(namespace, model), Learned.NOTHING);
    return tokens(bytes, known.input().ceiling());
  }

  /** Tokens per million bytes of output at most, by all that is known. */
  long outputPerMillionBytes(NamespaceId namespace, ModelId model) {
    Learned known = learned.getOrDefault(new Subject(namespace, model), Learned.NOTHING);
    return known.output().ceiling();
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
}
