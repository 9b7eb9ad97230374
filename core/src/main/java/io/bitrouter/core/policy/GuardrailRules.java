package io.bitrouter.core.policy;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.policy.PolicySpec.Guardrail;
import io.bitrouter.core.policy.PolicySpec.Guardrail.Byok;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * The guardrails that apply to one principal, ready to judge requests. A request passes if every
 * single one lets it pass, so nothing denied to a parent is allowed to a child. Immutable.
 */
public final class GuardrailRules {

  /** Bytes of body taken for one input token. */
  public static final long BYTES_PER_TOKEN = 4;

  /**
   * A guardrail ready to judge, wherever it is bound: its lists can be long, and many principals
   * share them. Immutable.
   */
  public static final class Prepared {
    private final Guardrail spec;
    private final Optional<NamePatterns> modelAllow;
    private final Optional<NamePatterns> modelDeny;
    private final Optional<NamePatterns> toolsAllow;
    private final Optional<NamePatterns> toolsDeny;

    /** Prepares {@code spec}. */
    public Prepared(Guardrail spec) {
      this.spec = spec;
      this.modelAllow = spec.modelAllow().map(NamePatterns::new);
      this.modelDeny = spec.modelDeny().map(NamePatterns::new);
      this.toolsAllow = spec.toolsAllow().map(NamePatterns::new);
      this.toolsDeny = spec.toolsDeny().map(NamePatterns::new);
    }
  }

  private record Rule(Prepared prepared, Source source) {
    Guardrail spec() {
      return prepared.spec;
    }
  }

  private final List<Rule> rules;

  /** With every guardrail clause that applies. */
  public GuardrailRules(List<Metered<Prepared>> clauses) {
    this.rules = clauses.stream().map(each -> new Rule(each.clause(), each.source())).toList();
  }

  /** The prepared clauses. */
  List<Prepared> prepared() {
    return rules.stream().map(Rule::prepared).toList();
  }

  /** The clauses, each with its source. */
  public List<Metered<Guardrail>> clauses() {
    return rules.stream().map(rule -> new Metered<>(rule.spec(), rule.source())).toList();
  }

  /**
   * What passes.
   *
   * @param candidates the targets that may be called, in order, at least one
   * @param outputCap output tokens given to each choice of a request that declares none
   */
  public record Passed(List<Target> candidates, OptionalLong outputCap) {}

  /**
   * Judges a request.
   *
   * @param candidates where it could go, at least one
   * @param tellsAmounts of which policies the caller may know the amounts
   */
  public Outcome<Passed> judge(
      AskedRequest asked, List<Target> candidates, Predicate<Source> tellsAmounts) {
    List<Target> left = candidates;
    OptionalLong cap = OptionalLong.empty();
    for (Rule rule : rules) {
      Optional<Refusal> refusal = request(rule, asked, tellsAmounts);
      if (refusal.isPresent()) {
        return Outcome.refused(refusal.get().withPolicy(rule.source().policy().text()));
      }
      List<Target> passing = new ArrayList<>(left.size());
      for (Target target : left) {
        if (passes(rule, asked, target)) {
          passing.add(target);
        }
      }
      if (passing.isEmpty()) {
        return Outcome.refused(
            target(rule, asked, left.getFirst()).withPolicy(rule.source().policy().text()));
      }
      left = passing;
      if (rule.spec().maxRequestTokens().isPresent() && asked.declaredOutput().isEmpty()) {
        long most = rule.spec().maxRequestTokens().getAsLong() / asked.choices();
        cap = OptionalLong.of(Math.min(most, cap.orElse(Long.MAX_VALUE)));
      }
    }
    return Outcome.done(new Passed(left, cap));
  }

  /** Whether {@code target} passes whatever is asked of it but its model. */
  public boolean reaches(Target target) {
    return rules.stream()
        .allMatch(rule ->
            rule.spec().byok().filter(Byok.REQUIRED::equals).isEmpty()
                && provider(rule.spec(), target)
                && modelAllowed(rule, target.model())
                && !modelDenied(rule, target.model(), target.model().id().toString()));
  }

  /** One guardrail that says what all of them say together, for people to read. */
  public Optional<Guardrail> merged() {
    return rules.stream().map(Rule::spec).reduce(GuardrailRules::both);
  }

  private static Optional<Refusal> request(
      Rule rule, AskedRequest asked, Predicate<Source> tellsAmounts) {
    Guardrail spec = rule.spec();
    if (asked.streamed() && spec.allowStreaming().filter(allowed -> !allowed).isPresent()) {
      return Optional.of(
          no(rule, RefusalCode.STREAMING_NOT_ALLOWED, "does not allow streams", "stream"));
    }
    for (String tool : asked.tools()) {
      boolean denied = rule.prepared().toolsDeny.filter(deny -> deny.matches(tool)).isPresent();
      boolean missing =
          rule.prepared().toolsAllow.filter(allow -> !allow.matches(tool)).isPresent();
      if (denied || missing) {
        return Optional.of(
            no(
                rule,
                RefusalCode.TOOL_NOT_ALLOWED,
                "does not allow the tool '" + shorten(tool) + "'",
                "tools"));
      }
    }
    for (String modality : asked.modalities()) {
      if (spec.modalitiesAllow().filter(allow -> !allow.contains(modality)).isPresent()) {
        return Optional.of(
            no(
                rule,
                RefusalCode.GUARDRAIL_BLOCKED,
                "does not allow " + modality + " input",
                "messages"));
      }
    }
    return size(rule, asked, tellsAmounts.test(rule.source()));
  }

  private static Optional<Refusal> size(Rule rule, AskedRequest asked, boolean amounts) {
    Guardrail spec = rule.spec();
    long input = asked.inputBytes() / BYTES_PER_TOKEN;
    if (input > spec.maxInputTokens().orElse(Long.MAX_VALUE)) {
      return Optional.of(
          no(
              rule,
              RefusalCode.EXCEEDS_LIMIT,
              amounts
                  ? "allows %d input tokens, this request has about %d (a quarter of its bytes)"
                      .formatted(spec.maxInputTokens().getAsLong(), input)
                  : "allows fewer input tokens than this request has",
              "messages"));
    }
    // Of a request that declares none each choice gets its part of the cap, which is at least 1.
    long declared = asked.declaredOutput().orElse(1) * asked.choices();
    if (declared > spec.maxRequestTokens().orElse(Long.MAX_VALUE)) {
      return Optional.of(
          no(
              rule,
              RefusalCode.EXCEEDS_LIMIT,
              amounts
                  ? "allows %d output tokens a request, this one asks for %d"
                      .formatted(spec.maxRequestTokens().getAsLong(), declared)
                  : "allows fewer output tokens a request than this one asks for",
              "max_tokens"));
    }
    return Optional.empty();
  }

  private static boolean passes(Rule rule, AskedRequest asked, Target target) {
    return rule.spec().byok().filter(Byok.REQUIRED::equals).isEmpty()
        && provider(rule.spec(), target)
        && modelAllowed(rule, target.model())
        && !modelDenied(rule, target.model(), asked.model());
  }

  private static boolean provider(Guardrail spec, Target target) {
    String provider = target.provider().id().text();
    return spec.providersAllow().filter(allow -> !allow.contains(provider)).isEmpty()
        && spec.providersDeny().filter(deny -> deny.contains(provider)).isEmpty();
  }

  private static boolean modelAllowed(Rule rule, Model model) {
    return rule.prepared().modelAllow.filter(allow -> !names(allow, model)).isEmpty();
  }

  /** Denied under any of its names, the one that was asked for and the provider's own too. */
  private static boolean modelDenied(Rule rule, Model model, String asked) {
    return rule.prepared()
        .modelDeny
        .filter(deny ->
            names(deny, model) || deny.matches(asked) || deny.matches(model.upstreamModel()))
        .isPresent();
  }

  private static boolean names(NamePatterns patterns, Model model) {
    return patterns.matches(model.id().toString())
        || patterns.matches(model.id().model())
        || patterns.matches(model.id().provider() + ":" + model.id().model());
  }

  private static Refusal target(Rule rule, AskedRequest asked, Target target) {
    if (rule.spec().byok().filter(Byok.REQUIRED::equals).isPresent()) {
      return no(
          rule,
          RefusalCode.BYOK_REQUIRED,
          "requires a provider key of the namespace's own, and there is none for this model",
          "model");
    }
    String name = shorten(asked.model());
    return provider(rule.spec(), target)
        ? no(
            rule, RefusalCode.MODEL_NOT_ALLOWED, "does not allow the model '" + name + "'", "model")
        : no(
            rule,
            RefusalCode.MODEL_NOT_ALLOWED,
            "does not allow the provider of '" + name + "'",
            "model");
  }

  private static Refusal no(Rule rule, RefusalCode code, String what, String param) {
    return Refusal.of(code, "guardrail '" + rule.source().policyName() + "' " + what)
        .withParam(param)
        .withHint(
            "'bitrouter cloud policy effective --principal-type "
                + rule.source().principal().kind().text()
                + " --principal-id "
                + rule.source().principal().id()
                + "' lists what applies");
  }

  private static Guardrail both(Guardrail a, Guardrail b) {
    return new Guardrail(
        merge(a.modelAllow(), b.modelAllow(), NamePatterns::commonModels),
        merge(a.modelDeny(), b.modelDeny(), GuardrailRules::union),
        least(a.maxRequestTokens(), b.maxRequestTokens()),
        merge(a.allowStreaming(), b.allowStreaming(), Boolean::logicalAnd),
        merge(a.byok(), b.byok(), GuardrailRules::stricter),
        least(a.maxInputTokens(), b.maxInputTokens()),
        merge(a.toolsAllow(), b.toolsAllow(), NamePatterns::common),
        merge(a.toolsDeny(), b.toolsDeny(), GuardrailRules::union),
        merge(a.modalitiesAllow(), b.modalitiesAllow(), GuardrailRules::intersection),
        merge(a.providersAllow(), b.providersAllow(), GuardrailRules::intersection),
        merge(a.providersDeny(), b.providersDeny(), GuardrailRules::union));
  }

  private static <T> Optional<T> merge(
      Optional<T> a, Optional<T> b, java.util.function.BinaryOperator<T> both) {
    return a.isPresent() && b.isPresent()
        ? Optional.of(both.apply(a.get(), b.get()))
        : a.or(() -> b);
  }

  private static OptionalLong least(OptionalLong a, OptionalLong b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isPresent() ? a : b;
    }
    return OptionalLong.of(Math.min(a.getAsLong(), b.getAsLong()));
  }

  /** Required together with forbidden lets nothing pass, and so does required today. */
  private static Byok stricter(Byok a, Byok b) {
    if (a == Byok.REQUIRED || b == Byok.REQUIRED) {
      return Byok.REQUIRED;
    }
    return a == Byok.FORBIDDEN ? a : b;
  }

  private static List<String> intersection(List<String> a, List<String> b) {
    return a.stream().filter(b::contains).toList();
  }

  private static List<String> union(List<String> a, List<String> b) {
    return java.util.stream.Stream.concat(a.stream(), b.stream()).distinct().toList();
  }

  private static String shorten(String name) {
    return name.length() <= 128 ? name : name.substring(0, 128) + "…";
  }
}
