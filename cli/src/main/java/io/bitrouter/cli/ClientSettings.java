package io.bitrouter.cli;

import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.Models.ModelInfo;
import io.bitrouter.wire.control.Models.ModelList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What clients of the node want in their environment: its address, the key in use, and nothing that
 * would lead them to somebody else or make them show somebody else's key. An empty value means that
 * the variable must not say anything; all clients take that for not set.
 */
final class ClientSettings {
  private static final String URL = "BITROUTER_URL";
  private static final String KEY = "BITROUTER_API_KEY";

  /** Linux starts no program with a variable of 128 KiB or more; this many stay well below it. */
  private static final int MAX_MODELS = 400;

  /** Each makes Claude Code ask a cloud instead of its base URL. */
  private static final List<String> CLAUDE_CLOUDS =
      List.of("BEDROCK", "MANTLE", "VERTEX", "FOUNDRY", "ANTHROPIC_AWS", "ANTHROPIC_GOOGLE_CLOUD");

  /** Claude Code's names for its models; it takes one of the small ones for work on the side. */
  private static final List<String> CLAUDE_MODELS = List.of("FABLE", "OPUS", "SONNET", "HAIKU");

  /** Vendors' libraries and agents, as people name them. Where two differ, the later one wins. */
  enum Client {
    openai,
    anthropic,
    gemini,
    codex,
    opencode,
    claude
  }

  private final Cli cli;
  private final Credential credential;

  /**
   * Settings for the credential in use.
   *
   * @throws Failure when there is none
   */
  ClientSettings(Cli cli) {
    this.cli = cli;
    this.credential = cli.credentials().inUse().credential();
  }

  /**
   * The environment for one client.
   *
   * @param model what it is to ask for; absent for its own choice
   * @throws Failure when the node has to be asked for its models and does not answer
   */
  Map<String, String> environment(Client client, Optional<String> model) {
    String url = credential.baseUrl();
    String key = credential.apiKey();
    Map<String, String> env = new LinkedHashMap<>();
    switch (client) {
      case openai -> {
        env.put("OPENAI_BASE_URL", url + "/v1");
        env.put("OPENAI_API_KEY", key);
      }
      case anthropic -> {
        env.put("ANTHROPIC_BASE_URL", url);
        env.put("ANTHROPIC_AUTH_TOKEN", key);
        env.put("ANTHROPIC_API_KEY", key);
      }
      case gemini -> {
        env.put("GOOGLE_GEMINI_BASE_URL", url);
        env.put("GEMINI_BASE_URL", url);
        env.put("GEMINI_API_KEY", key);
        env.put("GOOGLE_API_KEY", "");
        env.put("GOOGLE_GENAI_USE_VERTEXAI", "");
        env.put("GOOGLE_GENAI_USE_ENTERPRISE", "");
      }
      case codex -> {
        env.put(URL, url);
        env.put(KEY, key);
      }
      case opencode -> {
        env.put(URL, url);
        env.put(KEY, key);
        env.put("OPENCODE_CONFIG_CONTENT", openCode(model));
      }
      case claude -> {
        env.put("ANTHROPIC_BASE_URL", url);
        env.put("ANTHROPIC_AUTH_TOKEN", key);
        env.put("ANTHROPIC_API_KEY", "");
        CLAUDE_CLOUDS.forEach(cloud -> env.put("CLAUDE_CODE_USE_" + cloud, ""));
        env.put("CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY", "1");
        model.ifPresent(name -> {
          env.put("ANTHROPIC_MODEL", name);
          CLAUDE_MODELS.forEach(kind -> env.put("ANTHROPIC_DEFAULT_" + kind + "_MODEL", name));
        });
      }
    }
    return env;
  }

  /** Codex is told of a provider by options, not by the environment; they only name the key. */
  List<String> codexOptions(Optional<String> model) {
    List<String> options = new ArrayList<>();
    options.addAll(List.of("-c", "model_provider=\"bitrouter\""));
    options.add("-c");
    options.add(
        "model_providers.bitrouter={name=\"BitRouter\",base_url=\"%s/v1\",env_key=\"%s\",wire_api=\"responses\"}"
            .formatted(credential.baseUrl(), KEY));
    // What JSON writes as a text is one in TOML too.
    model.ifPresent(name -> options.addAll(List.of("-c", "model=" + ControlJson.text(name))));
    return options;
  }

  /**
   * A configuration for opencode. It does not ask such a provider for its models, so they are all
   * named here. Other providers are off, and one of them may be what the person's own configuration
   * asks for, so a model is always chosen.
   */
  private String openCode(Optional<String> model) {
    List<ModelInfo> listed = Api.read(cli.api().get("/v1/models"), ModelList.class).data();
    String chosen =
        model
            .or(() -> listed.stream().map(ModelInfo::id).findFirst())
            .orElseThrow(() ->
                Failure.of(
                    Exit.NOT_FOUND,
                    "the key can use no model, and opencode does not start without one",
                    "'%s' shows which rules apply"
                        .formatted(
                            cli.command(
                                "cloud policy effective --principal-type namespace"
                                    + " --principal-id me"))));
    ObjectNode config = ControlJson.mapper().createObjectNode();
    config.put("model", "bitrouter/" + chosen).put("small_model", "bitrouter/" + chosen);
    config.putArray("enabled_providers").add("bitrouter");
    ObjectNode provider = config.putObject("provider").putObject("bitrouter");
    provider.put("npm", "@ai-sdk/openai-compatible").put("name", "BitRouter");
    provider
        .putObject("options")
        .put("baseURL", credential.baseUrl() + "/v1")
        .put("apiKey", "{env:" + KEY + "}");
    ObjectNode models = provider.putObject("models");
    models.putObject(chosen);
    for (ModelInfo info : listed) {
      if (info.id().equals(chosen) || models.size() < MAX_MODELS) {
        describe(info, models.putObject(info.id()));
      }
    }
    return ControlJson.text(config);
  }

  private static void describe(ModelInfo info, ObjectNode model) {
    if (info.maxInputTokens().isPresent() && info.maxOutputTokens().isPresent()) {
      model
          .putObject("limit")
          .put("context", info.maxInputTokens().get())
          .put("output", info.maxOutputTokens().get());
    }
  }
}
