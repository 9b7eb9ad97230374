package io.bitrouter.wire.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.BudgetWindow.Unit;
import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.PolicySpec.Guardrail;
import io.bitrouter.core.policy.PolicySpec.Kind;
import io.bitrouter.core.policy.PolicySpec.Preset;
import io.bitrouter.core.policy.PolicySpec.RateLimit;
import io.bitrouter.wire.json.Json;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicySpecsTest {

  private static final PolicySpecs SPECS = new PolicySpecs();
  private static final List<String> ZONES =
      List.of("UTC", "Europe/Berlin", "Asia/Kathmandu", "America/New_York");

  @Test
  void whatIsWrittenIsReadAgain() {
    for (int seed = 0; seed < 5_000; seed++) {
      PolicySpec spec = spec(new Random(seed));
      assertThat(SPECS.read(spec.kind(), SPECS.write(spec))).as("seed %d", seed).isEqualTo(spec);
    }
  }

  @Test
  void theWindowsOfTheContractAreRolling() {
    assertThat(budget("{\"window\":\"day\",\"limit_micro_usd\":5}").window())
        .isEqualTo(new BudgetWindow.Rolling(Unit.DAY));
    assertThat(budget("{\"window\":\"month\",\"limit_micro_usd\":5}").window())
        .isEqualTo(new BudgetWindow.Rolling(Unit.MONTH));
    assertThat(budget("{\"window\":\"total\",\"limit_micro_usd\":5}").window())
        .isEqualTo(new BudgetWindow.Total());
  }

  @Test
  void aWindowIsAlwaysWrittenAsOneOfThreeWords() {
    Budget week =
        budget(
            """
            {"window":"month","limit_micro_usd":5,"period":{"unit":"week","align":"calendar"}}\
            """);
    assertThat(SPECS.write(week))
        .isEqualTo(
            """
            {"window":"month",\
            "period":{"unit":"week","align":"calendar","time_zone":"UTC"},\
            "limit_micro_usd":5,"mode":"metered","unpriced_model":"deny"}\
            """);
    assertThat(SPECS.write(budget("{\"window\":\"day\",\"limit_micro_usd\":5}")))
        .doesNotContain("period");
  }

  /** A JDK update dropped a zone, and the node did not start any more. */
  @Test
  void aStoredTimeZoneThatIsNotKnownAnyMoreIsKeptAndNoNewOneTaken() {
    BudgetWindow gone = new BudgetWindow.UnknownZone(Unit.DAY, "Europe/Gone");
    Budget budget = new Budget(gone, 5, Budget.Mode.METERED, Budget.Unpriced.DENY);
    Preset preset = new Preset(Optional.empty(), Optional.of(budget), Optional.empty());
    for (PolicySpec spec : List.of(budget, preset)) {
      assertThat(SPECS.read(spec.kind(), SPECS.write(spec))).isEqualTo(spec);
      String path = spec.kind() == Kind.PRESET ? "spec.budget.period" : "spec.period";
      assertThatThrownBy(() -> PolicySpecs.read(spec.kind(), PolicySpecs.tree(spec), "spec"))
          .isInstanceOf(SpecException.class)
          .hasMessage(path + ".time_zone must be an IANA time zone such as Europe/Berlin");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "budget|{}|spec.window is required",
        "budget|[]|spec must be a JSON object",
        "budget|{'window':'week','limit_micro_usd':1}|spec.window must be one of day, month, total",
        "budget|{'window':'day'}|spec.limit_micro_usd is required",
        "budget|{'window':'day','limit_micro_usd':0}|spec.limit_micro_usd must be a whole number",
        "budget|{'window':'day','limit_micro_usd':-1}|spec.limit_micro_usd must be a whole number",
        "budget|{'window':'day','limit_micro_usd':1.5}|spec.limit_micro_usd must be a whole number",
        "budget|{'window':'day','limit_micro_usd':'1'}|spec.limit_micro_usd must be a whole number",
        "budget|{'window':'day','limit_micro_usd':9000000000000001}|spec.limit_micro_usd must be",
        "budget|{'window':'day','limit_micro_usd':99999999999999999999}|spec.limit_micro_usd must",
        "budget|{'window':'day','limit_micro_usd':1,'limit':1}|unknown member spec.limit; allowed",
        "budget|{'window':'day','limit_micro_usd':1,'mode':'soft'}|spec.mode must be one of metered",
        "budget|{'window':'day','limit_micro_usd':1,'period':{'unit':'week','align':'rolling'}}"
            + "|spec.window must be \"month\" with this period",
        "budget|{'window':'day','limit_micro_usd':1,'period':{'unit':'day'}}"
            + "|spec.period.align is required",
        "budget|{'window':'day','limit_micro_usd':1,'period':{'unit':'minute','align':'rolling'}}"
            + "|spec.period.unit must be one of hour, day, week, month",
        "budget|{'window':'day','limit_micro_usd':1,"
            + "'period':{'unit':'day','align':'calendar','time_zone':'+02:00'}}"
            + "|spec.period.time_zone must be an IANA time zone",
        "budget|{'window':'day','limit_micro_usd':1,"
            + "'period':{'unit':'day','align':'rolling','time_zone':'UTC'}}"
            + "|spec.period.time_zone means nothing to a rolling period",
        "rate_limit|{'window_secs':60}|one of max_requests, max_tokens, max_concurrent is needed",
        "rate_limit|{'max_requests':60}|spec.window_secs is required",
        "rate_limit|{'window_secs':0,'max_requests':1}|spec.window_secs must be a whole number",
        "rate_limit|{'window_secs':2678401,'max_requests':1}|spec.window_secs must be",
        "rate_limit|{'window_secs':60,'max_requests':0}|spec.max_requests must be a whole number",
        "rate_limit|{'window_secs':60,'max_request':1}|unknown member spec.max_request; allowed",
        "guardrail|{'model_alow':[]}|unknown member spec.model_alow; allowed are model_allow",
        "guardrail|{'model_allow':'x'}|spec.model_allow must be a list",
        "guardrail|{'model_allow':['a',7]}|spec.model_allow[1] must be a text",
        "guardrail|{'model_allow':['']}|spec.model_allow[0] must be a text",
        "guardrail|{'model_allow':['a*b']}|spec.model_allow[0] may have * at its end only",
        "guardrail|{'providers_deny':['a*']}|spec.providers_deny[0] must be a whole name",
        "guardrail|{'modalities_allow':['video']}|spec.modalities_allow[0] must be one of audio",
        "guardrail|{'byok':'maybe'}|spec.byok must be one of required, forbidden, optional",
        "guardrail|{'allow_streaming':'no'}|spec.allow_streaming must be true or false",
        "guardrail|{'max_request_tokens':0}|spec.max_request_tokens must be a whole number",
        "guardrail|{'content_patterns':[{'name':'a','pattern':'b'}]}|come with content guardrails",
        "guardrail|{'detectors':['email']}|come with content guardrails",
        "preset|{'budget':{'window':'day'}}|spec.budget.limit_micro_usd is required",
        "preset|{'guardrail':{'content_patterns':{}}}|spec.guardrail.content_patterns is about",
        "preset|{'name':'x'}|unknown member spec.name; allowed are guardrail, budget, rate_limit"
      })
  void whatIsWrongIsNamed(String kind, String json, String message) {
    byte[] bytes = json.replace('\'', '"').getBytes(UTF_8);
    assertThatThrownBy(() ->
            PolicySpecs.read(
                Kind.of(kind).orElseThrow(), Json.tree(bytes, 0, bytes.length), "spec"))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "budget,BudgetSpec",
    "rate_limit,RateLimitSpec",
    "guardrail,GuardrailSpec",
    "preset,PresetSpec"
  })
  void theSchemaHasTheVeryMembersThatAreRead(String kind, String name) {
    String members =
        String.join(", ", PolicySpecs.schemas().at("/" + name + "/properties").propertyNames());
    assertThatThrownBy(() -> SPECS.read(Kind.of(kind).orElseThrow(), "{\"zz\":1}"))
        .hasMessage("unknown member spec.zz; allowed are " + members);
  }

  @Test
  void listsHaveBounds() {
    String long257 = "\"" + "m".repeat(257) + "\"";
    assertThatThrownBy(() -> SPECS.read(Kind.GUARDRAIL, "{\"model_deny\":[" + long257 + "]}"))
        .hasMessageContaining("spec.model_deny[0]");
    String many = "\"m\",".repeat(1_000) + "\"m\"";
    assertThatThrownBy(() -> SPECS.read(Kind.GUARDRAIL, "{\"model_deny\":[" + many + "]}"))
        .hasMessageContaining("at most 1000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"content_patterns\":[]}",
        "{\"content_patterns\":null,\"model_allow\":null,\"byok\":null}"
      })
  void whatAsksForNothingIsNothing(String json) {
    assertThat(SPECS.write(SPECS.read(Kind.GUARDRAIL, json))).isEqualTo("{}");
  }

  private static Budget budget(String json) {
    return (Budget) SPECS.read(Kind.BUDGET, json);
  }

  private static PolicySpec spec(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> randomBudget(random);
      case 1 -> rate(random);
      case 2 -> guardrail(random);
      default ->
          new Preset(
              random.nextBoolean() ? Optional.of(guardrail(random)) : Optional.empty(),
              random.nextBoolean() ? Optional.of(randomBudget(random)) : Optional.empty(),
              random.nextBoolean() ? Optional.of(rate(random)) : Optional.empty());
    };
  }

  private static Budget randomBudget(Random random) {
    Unit unit = any(random, Unit.values());
    BudgetWindow window =
        switch (random.nextInt(3)) {
          case 0 -> new BudgetWindow.Rolling(unit);
          case 1 ->
              new BudgetWindow.Calendar(unit, ZoneId.of(ZONES.get(random.nextInt(ZONES.size()))));
          default -> new BudgetWindow.Total();
        };
    return new Budget(
        window,
        random.nextLong(1, Budget.MOST_MICRO_USD + 1),
        any(random, Budget.Mode.values()),
        any(random, Budget.Unpriced.values()));
  }

  private static RateLimit rate(Random random) {
    return new RateLimit(
        random.nextLong(1, RateLimit.LONGEST_WINDOW_SECS + 1),
        number(random),
        number(random),
        OptionalLong.of(random.nextLong(1, 1_000)),
        any(random, RateLimit.Count.values()));
  }

  private static Guardrail guardrail(Random random) {
    return new Guardrail(
        list(random, "a/b*", "gpt", "ü-model"),
        list(random, "c:d", "*"),
        number(random),
        random.nextBoolean() ? Optional.of(random.nextBoolean()) : Optional.empty(),
        random.nextBoolean() ? Optional.of(any(random, Guardrail.Byok.values())) : Optional.empty(),
        number(random),
        list(random, "search", "mcp__*"),
        list(random, "shell"),
        list(random, "text", "image", "audio", "file"),
        list(random, "openai"),
        list(random, "anthropic", "sim"));
  }

  private static OptionalLong number(Random random) {
    return random.nextBoolean()
        ? OptionalLong.of(random.nextLong(1, PolicySpecs.MOST + 1))
        : OptionalLong.empty();
  }

  private static Optional<List<String>> list(Random random, String... texts) {
    if (random.nextInt(3) == 0) {
      return Optional.empty();
    }
    List<String> some = new ArrayList<>();
    for (String text : texts) {
      if (random.nextBoolean()) {
        some.add(text);
      }
    }
    return Optional.of(some);
  }

  private static <T> T any(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }
}
