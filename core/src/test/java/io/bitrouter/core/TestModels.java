package io.bitrouter.core;

import io.bitrouter.core.catalog.Abilities;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.ModelId;
import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.catalog.ProviderId;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.policy.PolicySpec.Guardrail;
import io.bitrouter.core.policy.PolicySpec.Guardrail.Byok;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Models to route to, and guardrails with one clause. */
public final class TestModels {

  private TestModels() {}

  /** A model of a provider, and the name that the provider knows it by. */
  public static Target target(String provider, String model, String upstreamModel) {
    Model served =
        new Model(
            new ModelId(new ProviderId(provider), model),
            upstreamModel,
            Optional.empty(),
            "",
            OptionalLong.empty(),
            OptionalLong.empty(),
            false,
            Abilities.UNKNOWN);
    return new Target(
        new Provider(
            new ProviderId(provider),
            URI.create("http://127.0.0.1:1"),
            Optional.empty(),
            new Provider.Auth.None(),
            List.of(Protocol.CHAT),
            List.of(served),
            new Reach.Everything(),
            List.of()),
        served,
        Protocol.CHAT);
  }

  /** A guardrail that has an opinion on one thing. */
  public static final class Rule {
    private Optional<List<String>> modelAllow = Optional.empty();
    private Optional<List<String>> modelDeny = Optional.empty();
    private OptionalLong maxOutput = OptionalLong.empty();
    private Optional<Boolean> streaming = Optional.empty();
    private Optional<Byok> byok = Optional.empty();
    private OptionalLong maxInput = OptionalLong.empty();
    private Optional<List<String>> toolsAllow = Optional.empty();
    private Optional<List<String>> toolsDeny = Optional.empty();
    private Optional<List<String>> modalities = Optional.empty();
    private Optional<List<String>> providersAllow = Optional.empty();
    private Optional<List<String>> providersDeny = Optional.empty();

    /** On models. */
    public Guardrail models(Optional<List<String>> allow, Optional<List<String>> deny) {
      modelAllow = allow;
      modelDeny = deny;
      return build();
    }

    /** On providers. */
    public Guardrail providers(Optional<List<String>> allow, Optional<List<String>> deny) {
      providersAllow = allow;
      providersDeny = deny;
      return build();
    }

    /** On tools. */
    public Guardrail tools(Optional<List<String>> allow, Optional<List<String>> deny) {
      toolsAllow = allow;
      toolsDeny = deny;
      return build();
    }

    /** On kinds of input. */
    public Guardrail modalities(List<String> allow) {
      modalities = Optional.of(allow);
      return build();
    }

    /** On declared output. */
    public Guardrail maxOutput(long tokens) {
      maxOutput = OptionalLong.of(tokens);
      return build();
    }

    /** On the length of the input. */
    public Guardrail maxInput(long tokens) {
      maxInput = OptionalLong.of(tokens);
      return build();
    }

    /** On streams. */
    public Guardrail streaming(boolean allowed) {
      streaming = Optional.of(allowed);
      return build();
    }

    /** On provider keys. */
    public Guardrail byok(Byok use) {
      byok = Optional.of(use);
      return build();
    }

    private Guardrail build() {
      return new Guardrail(
          modelAllow,
          modelDeny,
          maxOutput,
          streaming,
          byok,
          maxInput,
          toolsAllow,
          toolsDeny,
          modalities,
          providersAllow,
          providersDeny);
    }
  }
}
