package io.bitrouter.core.policy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a policy says. The four kinds are closed; whoever judges one switches over all of them. */
public sealed interface PolicySpec {

  /** The kinds of policies, by their words on the wire. */
  enum Kind {
    /** Money. */
    BUDGET("budget"),
    /** Requests, tokens and concurrency. */
    RATE_LIMIT("rate_limit"),
    /** What may be asked at all. */
    GUARDRAIL("guardrail"),
    /** A bundle of the three. */
    PRESET("preset");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The word on the wire. */
    public String text() {
      return text;
    }

    /** The kind of that word. */
    public static Optional<Kind> of(String text) {
      for (Kind kind : values()) {
        if (kind.text.equals(text)) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }
  }

  /** Which of the four it is. */
  default Kind kind() {
    return switch (this) {
      case Budget unused -> Kind.BUDGET;
      case RateLimit unused -> Kind.RATE_LIMIT;
      case Guardrail unused -> Kind.GUARDRAIL;
      case Preset unused -> Kind.PRESET;
    };
  }

  /** The guardrail that it says, by itself or in a bundle. */
  default Optional<Guardrail> guardrail() {
    return switch (this) {
      case Guardrail rail -> Optional.of(rail);
      case Preset preset -> preset.guardrail();
      case Budget unused -> Optional.empty();
      case RateLimit unused -> Optional.empty();
    };
  }

  /** The budget that it says, by itself or in a bundle. */
  default Optional<Budget> budget() {
    return switch (this) {
      case Budget budget -> Optional.of(budget);
      case Preset preset -> preset.budget();
      case RateLimit unused -> Optional.empty();
      case Guardrail unused -> Optional.empty();
    };
  }

  /**
   * A cap on money.
   *
   * @param window what it counts over
   * @param limitMicroUsd the cap, 1 to {@link #MOST_MICRO_USD}
   * @param mode how a request's need is reckoned before it is known
   * @param unpriced what becomes of models without a price
   */
  record Budget(BudgetWindow window, long limitMicroUsd, Mode mode, Unpriced unpriced)
      implements PolicySpec {

    /** The largest limit, micro-USD. */
    public static final long MOST_MICRO_USD = 9_000_000_000_000_000L;

    /** How a request's need is reckoned. */
    public enum Mode {
      /** By what such requests have needed, and in tranches while the answer flows. */
      METERED,
      /** By the worst that the request can cost: never one nano-dollar over. */
      STRICT
    }

    /** What becomes of a request for a model without a price. */
    public enum Unpriced {
      /** It is refused. */
      DENY,
      /** It is charged like the dearest model of the node. */
      CEILING,
      /** It passes and costs nothing. */
      ALLOW
    }

    /** The cap in nano-USD. */
    public long limitNanoUsd() {
      return limitMicroUsd * 1_000;
    }
  }

  /**
   * A cap on requests in a sliding window; at least one of the three is set.
   *
   * @param windowSecs length of the window, 1 to {@link #LONGEST_WINDOW_SECS}
   * @param maxRequests admitted requests in a window
   * @param maxTokens tokens in a window, counted as {@code count} says
   * @param maxConcurrent requests in flight at once
   * @param count which tokens
   */
  record RateLimit(
      long windowSecs,
      OptionalLong maxRequests,
      OptionalLong maxTokens,
      OptionalLong maxConcurrent,
      Count count)
      implements PolicySpec {

    /** Thirty-one days. */
    public static final long LONGEST_WINDOW_SECS = 31 * 86_400L;

    /** Which tokens count. */
    public enum Count {
      /** What requests declare as their most. */
      DECLARED,
      /** What answers have used, input and output. */
      ACTUAL
    }
  }

  /**
   * What may be asked. An absent list has no opinion, an empty one allows nothing.
   *
   * <p>A model is meant by its canonical {@code provider/model}, by {@code provider:model}, by its
   * bare name, or by a beginning of the canonical name followed by {@code *}.
   *
   * @param modelAllow models that pass
   * @param modelDeny models that do not, also when they are allowed
   * @param maxRequestTokens most output tokens a request may declare, over all its choices; given
   *     to one that declares none
   * @param allowStreaming whether streams pass
   * @param byok whether the namespace's own provider keys must or must not be used
   * @param maxInputTokens most input tokens, reckoned at four bytes of body each
   * @param toolsAllow names of tools that may be offered
   * @param toolsDeny names of tools that may not
   * @param modalitiesAllow kinds of input that pass: {@code text}, {@code image}, {@code audio},
   *     {@code file}
   * @param providersAllow providers that may be called
   * @param providersDeny providers that may not
   */
  record Guardrail(
      Optional<List<String>> modelAllow,
      Optional<List<String>> modelDeny,
      OptionalLong maxRequestTokens,
      Optional<Boolean> allowStreaming,
      Optional<Byok> byok,
      OptionalLong maxInputTokens,
      Optional<List<String>> toolsAllow,
      Optional<List<String>> toolsDeny,
      Optional<List<String>> modalitiesAllow,
      Optional<List<String>> providersAllow,
      Optional<List<String>> providersDeny)
      implements PolicySpec {

    /** Whether the namespace's own provider keys are used. */
    public enum Byok {
      /** They must be. */
      REQUIRED,
      /** They must not be. */
      FORBIDDEN,
      /** Either way. */
      OPTIONAL
    }
  }

  /** A bundle; each clause acts as if it were a policy of its own, bound where the bundle is. */
  record Preset(
      Optional<Guardrail> guardrail, Optional<Budget> budget, Optional<RateLimit> rateLimit)
      implements PolicySpec {}
}
