package io.bitrouter.core.gateway;

import io.bitrouter.core.admission.Need;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Elsewhere;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.namespace.NamespaceId;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a request may cost, reckoned before it is sent.
 *
 * <p>The worst case takes every byte of the body for a token, at the dearest class of input and the
 * dearest candidate, and all output that was declared. The metered need takes what a byte has been
 * at most (see {@link TokenCeilings}) and a first tranche of the output, because a stream can be
 * given more while it flows; what cannot be watched flowing is reckoned in full.
 */
final class NeedEstimate {

  /** Output of one tranche, tokens. */
  static final long TRANCHE_TOKENS = 4_096;

  /** Output for which an answer is worth beginning, tokens. */
  private static final long LEAST_TOKENS = 256;

  /** What protocols and providers add around a prompt, tokens; with tools they add a page. */
  private static final long OVERHEAD_TOKENS = 64;

  private static final long TOOLS_OVERHEAD_TOKENS = 512;

  /** An image or a short sound at most, by the providers' own tables, tokens. */
  private static final long MEDIA_PART_TOKENS = 3_000;

  /** Context taken for a model whose limit is not known, tokens. */
  private static final long UNKNOWN_CONTEXT = 1_000_000;

  private final TokenCeilings ceilings;

  NeedEstimate(TokenCeilings ceilings) {
    this.ceilings = ceilings;
  }

  /**
   * What {@code asked} may cost at any of {@code candidates}; their models have prices.
   *
   * @param input tokens of its input at the first of them
   */
  static Need of(AskedRequest asked, long input, List<Target> candidates) {
    long worst = 0;
    for (Target candidate : candidates) {
      worst = Math.max(worst, worst(asked, candidate.model()));
    }
    Model first = candidates.getFirst().model();
    long full = outputAtMost(asked, first);
    boolean grows = asked.streamed() && !first.hiddenReasoning();
    long least = cost(asked, first, input, grows ? Math.min(full, LEAST_TOKENS) : full);
    long wanted = cost(asked, first, input, grows ? Math.min(full, TRANCHE_TOKENS) : full);
    return new Need(Math.max(worst, wanted), least, wanted);
  }

  /** Tokens of the input, by all that is known. */
  long input(NamespaceId namespace, AskedRequest asked, Model model) {
    if (asked.elsewhere() == Elsewhere.CONTENT) {
      return model.contextTokens().orElse(UNKNOWN_CONTEXT);
    }
    long text = ceilings.input(namespace, model.id(), asked.inputBytes() - asked.mediaBytes());
    long tokens =
        text
            + asked.mediaParts() * MEDIA_PART_TOKENS
            + (asked.tools().isEmpty() ? OVERHEAD_TOKENS : TOOLS_OVERHEAD_TOKENS);
    return Math.min(tokens, mostInput(asked, model));
  }

  /**
   * Most tokens of the input by the model's context. It does not bound a request that wants no
   * text: it can hold many to be embedded, each of which may fill the context.
   */
  private static long mostInput(AskedRequest asked, Model model) {
    boolean wantsText = asked.declaredOutput().orElse(1) > 0;
    return wantsText ? model.contextTokens().orElse(Long.MAX_VALUE) : Long.MAX_VALUE;
  }

  /** Cost of so many tokens, the input in the class that the body asks for, nano-USD. */
  static long cost(AskedRequest asked, Model model, long input, long output) {
    return model
        .price()
        .map(price ->
            asked.cacheWrites() ? dearest(price, input, output) : plain(price, input, output))
        .orElse(0L);
  }

  /** The most that the request can cost at {@code model}, nano-USD. */
  static long worst(AskedRequest asked, Model model) {
    long context = model.contextTokens().orElse(UNKNOWN_CONTEXT);
    boolean elsewhere = asked.mediaParts() > 0 || asked.elsewhere() != Elsewhere.NOTHING;
    long input =
        elsewhere
            ? Math.max(context, mostInput(asked, model) == Long.MAX_VALUE ? asked.inputBytes() : 0)
            : Math.min(asked.inputBytes(), mostInput(asked, model));
    long output = outputAtMost(asked, model);
    return model.price().map(price -> dearest(price, input, output)).orElse(0L);
  }

  /** Whether the worst case has a bound at all. */
  static boolean bounded(AskedRequest asked, Model model) {
    return asked.elsewhere() != Elsewhere.TOOLS
        && (asked.declaredOutput().isPresent() || model.maxOutputTokens().isPresent());
  }

  /** Output over all choices at most, tokens. */
  static long outputAtMost(AskedRequest asked, Model model) {
    OptionalLong limit = model.maxOutputTokens();
    long perChoice = asked.declaredOutput().orElse(limit.orElse(TRANCHE_TOKENS));
    return Math.min(perChoice, TokenUsage.BUCKET_LIMIT / asked.choices()) * asked.choices();
  }

  private static long plain(Price price, long input, long output) {
    return price.costNanos(new TokenUsage(input, 0, 0, 0, output, 0));
  }

  private static long dearest(Price price, long input, long output) {
    return Math.max(
        plain(price, input, output),
        Math.max(
            price.costNanos(new TokenUsage(0, 0, input, 0, output, 0)),
            price.costNanos(new TokenUsage(0, 0, 0, input, output, 0))));
  }
}
