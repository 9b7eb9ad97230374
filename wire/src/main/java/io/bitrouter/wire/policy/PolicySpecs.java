package io.bitrouter.wire.policy;

import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.PolicySpec.Guardrail;
import io.bitrouter.core.policy.PolicySpec.Preset;
import io.bitrouter.core.policy.PolicySpec.RateLimit;
import io.bitrouter.core.store.SpecCodec;
import io.bitrouter.wire.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes the specs of policies. Reading is strict, because a rule with a typing error
 * would be a rule that does nothing. Stateless and thread-safe.
 */
public final class PolicySpecs implements SpecCodec {

  /** Largest count of requests or tokens that a rule can name. */
  static final long MOST = 1_000_000_000_000L;

  private static final String ZONE = "period.time_zone";

  private static final List<String> BUDGET =
      List.of("window", "limit_micro_usd", "period", "mode", "unpriced_model");
  private static final List<String> RATE_LIMIT =
      List.of("window_secs", "max_requests", "max_tokens", "max_concurrent", "count");
  private static final List<String> GUARDRAIL =
      List.of(
          "model_allow",
          "model_deny",
          "max_request_tokens",
          "allow_streaming",
          "byok",
          "max_input_tokens",
          "tools_allow",
          "tools_deny",
          "modalities_allow",
          "providers_allow",
          "providers_deny");
  private static final List<String> PRESET = List.of("guardrail", "budget", "rate_limit");
  private static final Set<String> MODALITIES = Set.of("text", "image", "audio", "file");

  /** Members about what requests and answers say, which no rule here looks at. */
  private static final List<String> CONTENT =
      List.of("content_patterns", "content_detectors", "detectors", "patterns", "content");

  @Override
  public String write(PolicySpec spec) {
    return tree(spec).toString();
  }

  /** What was stored may name a time zone that a newer Java does not know any more. */
  @Override
  public PolicySpec read(PolicySpec.Kind kind, String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    try {
      return parse(kind, Json.tree(bytes, 0, bytes.length), "spec");
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the spec is not JSON", e);
    }
  }

  /**
   * Reads a spec.
   *
   * @param path where it stands in the body, empty when it is the body
   * @throws SpecException naming the member that is not as it must be
   */
  public static PolicySpec read(PolicySpec.Kind kind, JsonNode json, String path) {
    PolicySpec spec = parse(kind, json, path);
    if (spec.budget().filter(b -> b.window() instanceof BudgetWindow.UnknownZone).isPresent()) {
      String budget = kind == PolicySpec.Kind.PRESET ? "budget." + ZONE : ZONE;
      String full = path.isEmpty() ? budget : path + "." + budget;
      throw new SpecException(full, full + " must be an IANA time zone such as Europe/Berlin");
    }
    return spec;
  }

  private static PolicySpec parse(PolicySpec.Kind kind, JsonNode json, String path) {
    return switch (kind) {
      case BUDGET -> budget(json, path);
      case RATE_LIMIT -> rateLimit(json, path);
      case GUARDRAIL -> guardrail(json, path);
      case PRESET -> preset(json, path);
    };
  }

  /** The members of a spec. */
  public static ObjectNode tree(PolicySpec spec) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    switch (spec) {
      case Budget budget -> write(budget, json);
      case RateLimit rate -> write(rate, json);
      case Guardrail rail -> write(rail, json);
      case Preset(var guardrail, var budget, var rate) -> {
        guardrail.ifPresent(one -> json.set("guardrail", tree(one)));
        budget.ifPresent(one -> json.set("budget", tree(one)));
        rate.ifPresent(one -> json.set("rate_limit", tree(one)));
      }
    }
    return json;
  }

  /** JSON Schemas of the specs by name: {@code BudgetSpec} and so on. */
  public static ObjectNode schemas() {
    try (InputStream in = PolicySpecs.class.getResourceAsStream("specs.schema.json")) {
      byte[] bytes = Objects.requireNonNull(in, "specs.schema.json").readAllBytes();
      return (ObjectNode) Json.tree(bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Budget budget(JsonNode json, String path) {
    SpecObject spec = SpecObject.of(json, path, BUDGET);
    return new Budget(
        BudgetWindows.read(spec),
        spec.requiredNumber("limit_micro_usd", 1, Budget.MOST_MICRO_USD),
        spec.word("mode", Budget.Mode.class).orElse(Budget.Mode.METERED),
        spec.word("unpriced_model", Budget.Unpriced.class).orElse(Budget.Unpriced.DENY));
  }

  private static void write(Budget budget, ObjectNode json) {
    BudgetWindows.write(budget.window(), json);
    json.put("limit_micro_usd", budget.limitMicroUsd());
    json.put("mode", Words.of(budget.mode()));
    json.put("unpriced_model", Words.of(budget.unpriced()));
  }

  private static RateLimit rateLimit(JsonNode json, String path) {
    SpecObject spec = SpecObject.of(json, path, RATE_LIMIT);
    RateLimit rate =
        new RateLimit(
            spec.requiredNumber("window_secs", 1, RateLimit.LONGEST_WINDOW_SECS),
            spec.number("max_requests", 1, MOST),
            spec.number("max_tokens", 1, MOST),
            spec.number("max_concurrent", 1, MOST),
            spec.word("count", RateLimit.Count.class).orElse(RateLimit.Count.DECLARED));
    if (rate.maxRequests().isEmpty()
        && rate.maxTokens().isEmpty()
        && rate.maxConcurrent().isEmpty()) {
      throw spec.fault(
          "max_requests", "is missing: one of max_requests, max_tokens, max_concurrent is needed");
    }
    return rate;
  }

  private static void write(RateLimit rate, ObjectNode json) {
    json.put("window_secs", rate.windowSecs());
    put(json, "max_requests", rate.maxRequests());
    put(json, "max_tokens", rate.maxTokens());
    put(json, "max_concurrent", rate.maxConcurrent());
    if (rate.count() != RateLimit.Count.DECLARED) {
      json.put("count", Words.of(rate.count()));
    }
  }

  private static Guardrail guardrail(JsonNode json, String path) {
    SpecObject spec = SpecObject.of(withoutContent(json, path), path, GUARDRAIL);
    return new Guardrail(
        spec.patterns("model_allow"),
        spec.patterns("model_deny"),
        spec.number("max_request_tokens", 1, MOST),
        spec.flag("allow_streaming"),
        spec.word("byok", Guardrail.Byok.class),
        spec.number("max_input_tokens", 1, MOST),
        spec.patterns("tools_allow"),
        spec.patterns("tools_deny"),
        spec.choices("modalities_allow", MODALITIES),
        spec.names("providers_allow"),
        spec.names("providers_deny"));
  }

  /** A rule about content is refused; an empty list of them asks for nothing and is left out. */
  private static JsonNode withoutContent(JsonNode json, String path) {
    if (!json.isObject()) {
      return json;
    }
    ObjectNode rest = ((ObjectNode) json).deepCopy();
    for (String name : CONTENT) {
      JsonNode value = rest.path(name);
      if (value.isMissingNode()) {
        continue;
      }
      if (!value.isNull() && !(value.isArray() && value.isEmpty())) {
        String full = path.isEmpty() ? name : path + "." + name;
        throw new SpecException(
            full,
            full
                + " is about content, and such rules come with content guardrails, which this"
                + " version does not have; nothing was stored");
      }
      rest.remove(name);
    }
    return rest;
  }

  private static void write(Guardrail rail, ObjectNode json) {
    put(json, "model_allow", rail.modelAllow());
    put(json, "model_deny", rail.modelDeny());
    put(json, "max_request_tokens", rail.maxRequestTokens());
    rail.allowStreaming().ifPresent(allowed -> json.put("allow_streaming", allowed));
    rail.byok().ifPresent(byok -> json.put("byok", Words.of(byok)));
    put(json, "max_input_tokens", rail.maxInputTokens());
    put(json, "tools_allow", rail.toolsAllow());
    put(json, "tools_deny", rail.toolsDeny());
    put(json, "modalities_allow", rail.modalitiesAllow());
    put(json, "providers_allow", rail.providersAllow());
    put(json, "providers_deny", rail.providersDeny());
  }

  private static Preset preset(JsonNode json, String path) {
    SpecObject spec = SpecObject.of(json, path, PRESET);
    return new Preset(
        spec.member("guardrail").map(one -> guardrail(one, spec.pathOf("guardrail"))),
        spec.member("budget").map(one -> budget(one, spec.pathOf("budget"))),
        spec.member("rate_limit").map(one -> rateLimit(one, spec.pathOf("rate_limit"))));
  }

  private static void put(ObjectNode json, String name, OptionalLong value) {
    if (value.isPresent()) {
      json.put(name, value.getAsLong());
    }
  }

  private static void put(ObjectNode json, String name, Optional<List<String>> texts) {
    if (texts.isPresent()) {
      var array = json.putArray(name);
      texts.get().forEach(array::add);
    }
  }
}
