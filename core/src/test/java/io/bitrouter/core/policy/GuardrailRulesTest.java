package io.bitrouter.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.Seeds;
import io.bitrouter.core.TestModels;
import io.bitrouter.core.TestRules;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Elsewhere;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.policy.GuardrailRules.Passed;
import io.bitrouter.core.policy.PolicySpec.Guardrail;
import io.bitrouter.core.policy.PolicySpec.Guardrail.Byok;
import io.bitrouter.core.snapshot.NamespaceSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class GuardrailRulesTest {

  private static final Target SIM_FAST = TestModels.target("sim", "fast", "fast-2026-01");
  private static final Target SIM_LARGE = TestModels.target("sim", "large", "large");
  private static final Target ACME_FAST = TestModels.target("acme", "fast", "acme-fast");
  private static final List<Target> ALL = List.of(SIM_FAST, SIM_LARGE, ACME_FAST);

  private static final List<String> MODEL_PATTERNS =
      List.of(
          "sim/fast",
          "sim:fast",
          "fast",
          "large",
          "sim/large",
          "acme/fast",
          "acme:fast",
          "sim/*",
          "sim/fa*",
          "acme/*",
          "fa*",
          "lar*",
          "*",
          "other/model");

  // --- one by one -------------------------------------------------------------------------------

  @Test
  void aDenialWinsOverAnAllowance() {
    Guardrail rule = models(Optional.of(List.of("sim/*")), Optional.of(List.of("sim/fast")));
    assertThat(passed(rule, ask("sim/fast"), SIM_FAST)).isEmpty();
    assertThat(passed(rule, ask("large"), SIM_LARGE)).contains(List.of(SIM_LARGE));
  }

  @Test
  void anEmptyListOfAllowedModelsAllowsNone() {
    for (Target target : ALL) {
      Refusal refusal =
          refused(
              rules(models(Optional.of(List.of()), Optional.empty())),
              ask("fast"),
              List.of(target));
      assertThat(refusal.code()).isEqualTo(RefusalCode.MODEL_NOT_ALLOWED);
      assertThat(refusal.param()).contains("model");
      assertThat(refusal.policy()).contains("pol_1");
    }
  }

  @Test
  void aModelIsMeantByEachOfItsNames() {
    for (String name : List.of("sim/fast", "sim:fast", "fast", "sim/*", "sim/f*", "*")) {
      Guardrail allow = models(Optional.of(List.of(name)), Optional.empty());
      Guardrail deny = models(Optional.empty(), Optional.of(List.of(name)));
      assertThat(passed(allow, ask("x"), SIM_FAST)).as(name).isPresent();
      assertThat(passed(deny, ask("x"), SIM_FAST)).as(name).isEmpty();
    }
    for (String name : List.of("sim/fas", "sim", "Sim/fast", "fast-2026-01", "sim/fast/", "")) {
      Guardrail allow = models(Optional.of(List.of(name)), Optional.empty());
      assertThat(passed(allow, ask("x"), SIM_FAST)).as(name).isEmpty();
    }
  }

  @Test
  void aModelIsDeniedUnderTheNameThatWasAskedAndUnderTheProvidersOwn() {
    Guardrail asked = models(Optional.empty(), Optional.of(List.of("my-alias")));
    assertThat(passed(asked, ask("my-alias"), SIM_FAST)).isEmpty();
    assertThat(passed(asked, ask("fast"), SIM_FAST)).isPresent();
    Guardrail upstream = models(Optional.empty(), Optional.of(List.of("fast-2026*")));
    assertThat(passed(upstream, ask("fast"), SIM_FAST)).isEmpty();
  }

  @Test
  void anAliasThatIsAllowedDoesNotAllowWhatItStandsFor() {
    Guardrail allow = models(Optional.of(List.of("my-alias")), Optional.empty());
    assertThat(passed(allow, ask("my-alias"), SIM_FAST)).isEmpty();
  }

  @Test
  void candidatesThatDoNotPassAreLeftOut() {
    Guardrail rule = models(Optional.empty(), Optional.of(List.of("sim/fast")));
    assertThat(passed(rule, ask("fast"), SIM_FAST, ACME_FAST)).contains(List.of(ACME_FAST));
  }

  @Test
  void providersAreMeantLiterally() {
    Guardrail allow = providers(Optional.of(List.of("acme")), Optional.empty());
    assertThat(passed(allow, ask("fast"), SIM_FAST, ACME_FAST)).contains(List.of(ACME_FAST));
    Guardrail deny = providers(Optional.empty(), Optional.of(List.of("acme")));
    assertThat(passed(deny, ask("fast"), SIM_FAST, ACME_FAST)).contains(List.of(SIM_FAST));
    assertThat(passed(providers(Optional.of(List.of()), Optional.empty()), ask("f"), SIM_FAST))
        .isEmpty();
    assertThat(
            passed(providers(Optional.of(List.of("acm*")), Optional.empty()), ask("f"), ACME_FAST))
        .isEmpty();
  }

  @Test
  void eachAxisHasItsOwnRefusal() {
    assertThat(code(streaming(false), streamed())).isEqualTo(RefusalCode.STREAMING_NOT_ALLOWED);
    assertThat(code(byok(Byok.REQUIRED), ask("fast"))).isEqualTo(RefusalCode.BYOK_REQUIRED);
    assertThat(code(tools(Optional.of(List.of()), Optional.empty()), tool("search")))
        .isEqualTo(RefusalCode.TOOL_NOT_ALLOWED);
    assertThat(code(tools(Optional.empty(), Optional.of(List.of("web*"))), tool("web_search")))
        .isEqualTo(RefusalCode.TOOL_NOT_ALLOWED);
    assertThat(code(modalities(List.of("text")), modality("image")))
        .isEqualTo(RefusalCode.GUARDRAIL_BLOCKED);
    assertThat(code(maxInput(100), bytes(404))).isEqualTo(RefusalCode.EXCEEDS_LIMIT);
    assertThat(code(maxOutput(100), output(101))).isEqualTo(RefusalCode.EXCEEDS_LIMIT);
  }

  @Test
  void whatIsAtALimitPasses() {
    assertThat(passed(streaming(true), streamed(), SIM_FAST)).isPresent();
    assertThat(passed(streaming(false), ask("fast"), SIM_FAST)).isPresent();
    assertThat(passed(byok(Byok.OPTIONAL), ask("fast"), SIM_FAST)).isPresent();
    assertThat(passed(byok(Byok.FORBIDDEN), ask("fast"), SIM_FAST)).isPresent();
    assertThat(passed(maxInput(100), bytes(403), SIM_FAST)).isPresent();
    assertThat(passed(maxOutput(100), output(100), SIM_FAST)).isPresent();
    assertThat(passed(modalities(List.of("text", "image")), modality("image"), SIM_FAST))
        .isPresent();
  }

  /** Four thousand keys with rules of their own must not each have a copy of a long list. */
  @Test
  void aGuardrailIsPreparedOnceForAllWhomItBinds() {
    TestRules rules = new TestRules();
    rules.bind(models(Optional.of(List.of("fast")), Optional.empty()), TestRules.whole());
    rules.bind(maxOutput(1), Principal.of(TestRules.key("a").id()));
    rules.bind(maxOutput(2), Principal.of(TestRules.key("b").id()));
    NamespaceSnapshot snapshot = rules.snapshot();
    GuardrailRules one = snapshot.effective(TestRules.key("a")).guardrails();
    GuardrailRules other = snapshot.effective(TestRules.key("b")).guardrails();
    assertThat(one.prepared().getLast()).isSameAs(other.prepared().getLast());
    assertThat(one.prepared()).hasSize(2).doesNotContain(other.prepared().getFirst());
  }

  @Test
  void aCapOnARequestIsOverAllItsChoices() {
    GuardrailRules rules = rules(maxOutput(100));
    assertThat(refused(rules, choices(2, OptionalLong.of(51)), ALL).code())
        .isEqualTo(RefusalCode.EXCEEDS_LIMIT);
    assertThat(done(rules, choices(2, OptionalLong.of(50)), ALL).outputCap()).isEmpty();
    assertThat(done(rules, choices(8, OptionalLong.empty()), ALL).outputCap())
        .isEqualTo(OptionalLong.of(12));
    assertThat(refused(rules, choices(101, OptionalLong.empty()), ALL).code())
        .isEqualTo(RefusalCode.EXCEEDS_LIMIT);
  }

  @Test
  void outputThatIsNotDeclaredGetsTheSmallestCap() {
    GuardrailRules rules = rules(maxOutput(700), maxOutput(300), maxOutput(500));
    assertThat(done(rules, ask("fast"), ALL).outputCap()).isEqualTo(OptionalLong.of(300));
    assertThat(done(rules, output(200), ALL).outputCap()).isEmpty();
    assertThat(done(rules(), ask("fast"), ALL).outputCap()).isEmpty();
  }

  @Test
  void noRuleLetsEverythingPass() {
    assertThat(done(rules(), streamed(), ALL).candidates()).isEqualTo(ALL);
    assertThat(rules().merged()).isEmpty();
  }

  @Test
  void anOverlongNameIsNotEchoedInFull() {
    Refusal refusal =
        refused(
            rules(models(Optional.of(List.of()), Optional.empty())),
            ask("x".repeat(5_000)),
            List.of(SIM_FAST));
    assertThat(refusal.message()).hasSizeLessThan(300);
  }

  // --- many at random ---------------------------------------------------------------------------

  @Test
  void moreRulesNeverAllowMore() {
    Seeds.check(
        3_000,
        random -> {
          List<Guardrail> parent = guardrails(random);
          List<Guardrail> child = new ArrayList<>(parent);
          child.addAll(random.nextBoolean() ? 0 : parent.size(), guardrails(random));
          AskedRequest asked = asked(random);
          Outcome<Passed> above = rules(parent).judge(asked, ALL, told -> true);
          Outcome<Passed> below = rules(child).judge(asked, ALL, told -> true);
          if (below instanceof Outcome.Done<Passed>(Passed passed)) {
            assertThat(above).isInstanceOf(Outcome.Done.class);
            Passed wide = ((Outcome.Done<Passed>) above).value();
            assertThat(wide.candidates()).containsAll(passed.candidates());
            assertThat(passed.outputCap().orElse(Long.MAX_VALUE))
                .isLessThanOrEqualTo(wide.outputCap().orElse(Long.MAX_VALUE));
          }
        });
  }

  @Test
  void theModelAxisIsWhatItsWordsSay() {
    Seeds.check(
        3_000,
        random -> {
          List<Guardrail> guardrails = new ArrayList<>();
          for (int i = random.nextInt(4); i > 0; i--) {
            guardrails.add(models(some(random, MODEL_PATTERNS), some(random, MODEL_PATTERNS)));
          }
          AskedRequest asked = ask(MODEL_PATTERNS.get(random.nextInt(MODEL_PATTERNS.size())));
          for (Target target : ALL) {
            boolean expected =
                guardrails.stream().allMatch(each -> naive(each, asked.model(), target));
            assertThat(
                    rules(guardrails).judge(asked, List.of(target), told -> true)
                        instanceof Outcome.Done)
                .isEqualTo(expected);
            if (asked.model().equals(target.model().id().toString())) {
              assertThat(rules(guardrails).reaches(target)).isEqualTo(expected);
            }
          }
        });
  }

  private static boolean naive(Guardrail rule, String asked, Target target) {
    String model = target.model().id().model();
    String provider = target.provider().id().text();
    List<String> names = List.of(provider + "/" + model, provider + ":" + model, model);
    List<String> more = new ArrayList<>(names);
    more.add(asked);
    more.add(target.model().upstreamModel());
    return rule.modelAllow().map(allow -> any(allow, names)).orElse(true)
        && !rule.modelDeny().map(deny -> any(deny, more)).orElse(false);
  }

  private static boolean any(List<String> patterns, List<String> names) {
    return patterns.stream()
        .anyMatch(pattern -> names.stream().anyMatch(name -> name.matches(regex(pattern))));
  }

  private static String regex(String pattern) {
    return pattern.endsWith("*")
        ? java.util.regex.Pattern.quote(pattern.substring(0, pattern.length() - 1)) + ".*"
        : java.util.regex.Pattern.quote(pattern);
  }

  @Test
  void theMergedRuleSaysWhatAllOfThemSayTogether() {
    Seeds.check(
        5_000,
        random -> {
          int axis = random.nextInt(7);
          List<Guardrail> guardrails = new ArrayList<>();
          for (int i = 1 + random.nextInt(3); i > 0; i--) {
            guardrails.add(single(axis, random));
          }
          Guardrail merged = rules(guardrails).merged().orElseThrow();
          AskedRequest asked = asked(random);
          for (Target target : ALL) {
            Outcome<Passed> each = rules(guardrails).judge(asked, List.of(target), told -> true);
            Outcome<Passed> together = rules(merged).judge(asked, List.of(target), told -> true);
            assertThat(together instanceof Outcome.Done)
                .as(guardrails + " merged " + merged + " for " + asked + " at " + target)
                .isEqualTo(each instanceof Outcome.Done);
            if (each instanceof Outcome.Done<Passed>(Passed passed)) {
              assertThat(((Outcome.Done<Passed>) together).value()).isEqualTo(passed);
            }
          }
        });
  }

  private static Guardrail single(int axis, RandomGenerator random) {
    return switch (axis) {
      case 0 -> models(some(random, MODEL_PATTERNS), some(random, MODEL_PATTERNS));
      case 1 ->
          tools(
              some(random, List.of("search", "web*", "web_fetch", "*")),
              some(random, List.of("search", "web_fetch", "w*")));
      case 2 ->
          providers(
              some(random, List.of("sim", "acme", "s*")), some(random, List.of("sim", "acme")));
      case 3 -> modalities(some(random, List.of("text", "image", "t*")).orElse(List.of("text")));
      case 4 -> random.nextBoolean() ? maxOutput(random.nextInt(300)) : maxInput(random.nextInt(9));
      case 5 -> streaming(random.nextBoolean());
      default -> byok(List.of(Byok.values()).get(random.nextInt(Byok.values().length)));
    };
  }

  private static List<Guardrail> guardrails(RandomGenerator random) {
    List<Guardrail> guardrails = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      guardrails.add(single(random.nextInt(7), random));
    }
    return guardrails;
  }

  private static Optional<List<String>> some(RandomGenerator random, List<String> choices) {
    return random.nextInt(3) == 0
        ? Optional.empty()
        : Optional.of(choices.stream().filter(each -> random.nextInt(3) == 0).toList());
  }

  private static AskedRequest asked(RandomGenerator random) {
    return new AskedRequest(
        List.of("fast", "sim/fast", "acme:fast", "alias").get(random.nextInt(4)),
        random.nextBoolean(),
        random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextInt(400)),
        1,
        random.nextInt(40),
        random.nextBoolean() ? Set.of("text") : Set.of("text", "image"),
        some(random, List.of("search", "web_fetch", "web_search")).orElse(List.of()),
        0,
        0,
        false,
        Elsewhere.NOTHING,
        List.of(),
        List.of());
  }

  // --- words ------------------------------------------------------------------------------------

  private static GuardrailRules rules(Guardrail... guardrails) {
    return rules(List.of(guardrails));
  }

  private static GuardrailRules rules(List<Guardrail> guardrails) {
    TestRules rules = new TestRules();
    guardrails.forEach(each -> rules.bind(each, TestRules.whole()));
    return rules.snapshot().effective().guardrails();
  }

  private static Optional<List<Target>> passed(
      Guardrail rule, AskedRequest asked, Target... candidates) {
    return switch (rules(rule).judge(asked, List.of(candidates), told -> true)) {
      case Outcome.Done<Passed>(Passed passed) -> Optional.of(passed.candidates());
      case Outcome.Refused<Passed> unused -> Optional.empty();
    };
  }

  private static Passed done(GuardrailRules rules, AskedRequest asked, List<Target> candidates) {
    return ((Outcome.Done<Passed>) rules.judge(asked, candidates, told -> true)).value();
  }

  private static Refusal refused(
      GuardrailRules rules, AskedRequest asked, List<Target> candidates) {
    return ((Outcome.Refused<Passed>) rules.judge(asked, candidates, told -> true)).refusal();
  }

  private static RefusalCode code(Guardrail rule, AskedRequest asked) {
    return refused(rules(rule), asked, ALL).code();
  }

  private static Guardrail models(Optional<List<String>> allow, Optional<List<String>> deny) {
    return new TestModels.Rule().models(allow, deny);
  }

  private static Guardrail providers(Optional<List<String>> allow, Optional<List<String>> deny) {
    return new TestModels.Rule().providers(allow, deny);
  }

  private static Guardrail tools(Optional<List<String>> allow, Optional<List<String>> deny) {
    return new TestModels.Rule().tools(allow, deny);
  }

  private static Guardrail modalities(List<String> allow) {
    return new TestModels.Rule().modalities(allow);
  }

  private static Guardrail maxOutput(long tokens) {
    return new TestModels.Rule().maxOutput(tokens);
  }

  private static Guardrail maxInput(long tokens) {
    return new TestModels.Rule().maxInput(tokens);
  }

  private static Guardrail streaming(boolean allowed) {
    return new TestModels.Rule().streaming(allowed);
  }

  private static Guardrail byok(Byok byok) {
    return new TestModels.Rule().byok(byok);
  }

  private static AskedRequest ask(String model) {
    return new AskedRequest(
        model,
        false,
        OptionalLong.empty(),
        1,
        10,
        Set.of("text"),
        List.of(),
        0,
        0,
        false,
        Elsewhere.NOTHING,
        List.of(),
        List.of());
  }

  private static AskedRequest choices(int count, OptionalLong declared) {
    return new AskedRequest(
        "fast",
        false,
        declared,
        count,
        10,
        Set.of("text"),
        List.of(),
        0,
        0,
        false,
        Elsewhere.NOTHING,
        List.of(),
        List.of());
  }

  private static AskedRequest streamed() {
    return asked(true, Set.of("text"), List.of(), 10);
  }

  private static AskedRequest tool(String name) {
    return asked(false, Set.of("text"), List.of(name), 10);
  }

  private static AskedRequest modality(String name) {
    return asked(false, Set.of("text", name), List.of(), 10);
  }

  private static AskedRequest bytes(long bytes) {
    return asked(false, Set.of("text"), List.of(), bytes);
  }

  private static AskedRequest asked(
      boolean streamed, Set<String> modalities, List<String> tools, long bytes) {
    return new AskedRequest(
        "fast",
        streamed,
        OptionalLong.empty(),
        1,
        bytes,
        modalities,
        tools,
        0,
        0,
        false,
        Elsewhere.NOTHING,
        List.of(),
        List.of());
  }

  private static AskedRequest output(long tokens) {
    return ask("fast").withDeclaredOutput(tokens);
  }
}
