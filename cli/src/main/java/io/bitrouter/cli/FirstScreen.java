package io.bitrouter.cli;

import io.bitrouter.wire.control.ModelInfo;
import io.bitrouter.wire.control.ModelList;
import io.bitrouter.wire.control.NodeFile;
import java.util.List;
import java.util.Optional;

/** What {@code start} shows: at most 15 lines, everything in them works as pasted. */
final class FirstScreen {
  private final Cli cli;

  FirstScreen(Cli cli) {
    this.cli = cli;
  }

  /** Prints it; {@code state} is {@code is running} or {@code is already running}. */
  void show(NodeFile node, SavedCredential key, String state) {
    Output output = cli.output();
    List<ModelInfo> models =
        Api.read(cli.api(node.endpoint(), key.apiKey()).get("/v1/models"), ModelList.class).data();
    output.line(
        "BitRouter %s %s at %s (pid %d)"
            .formatted(node.version(), state, node.endpoint(), node.pid()));
    output.line("stop:       " + cli.command("stop"));
    output.line("log:        " + cli.home().log());
    output.line(
        "namespace:  %s (%s)"
            .formatted(key.namespaceName().orElse(""), key.namespaceId().orElse("")));
    output.line("providers:  " + providers(models));
    output.line("");
    Optional<String> curl = curl(node, key, models);
    if (curl.isPresent()) {
      output.line("Try it:");
      output.line("  " + curl.get());
      output.line("");
    }
    output.line("Next:");
    output.line("  " + cli.command("cloud whoami"));
    output.line(
        "  "
            + cli.command(
                "cloud keys mint --name my-agent --scope \"inference:invoke usage:read\""));
    output.line("  " + cli.command("cloud usage"));
  }

  private static String providers(List<ModelInfo> models) {
    List<String> ids =
        models.stream().flatMap(model -> model.providers().stream()).distinct().sorted().toList();
    return ids.isEmpty()
        ? "none: set OPENAI_API_KEY or ANTHROPIC_API_KEY, or add providers to bitrouter.yaml"
        : String.join(", ", ids);
  }

  /** Anthropic's own API has no chat completions, so its models are tried by messages. */
  private static Optional<String> curl(NodeFile node, SavedCredential key, List<ModelInfo> models) {
    Optional<ModelInfo> model =
        models.stream()
            .filter(candidate -> candidate.id().equals("sim/echo"))
            .findFirst()
            .or(() -> models.stream().filter(candidate -> !isAnthropic(candidate)).findFirst())
            .or(() -> models.stream().findFirst());
    return model.map(chosen ->
        "curl %s/v1/%s -H 'authorization: Bearer %s' -H 'content-type: application/json' -d '%s'"
            .formatted(
                node.endpoint(),
                isAnthropic(chosen) ? "messages" : "chat/completions",
                key.apiKey(),
                body(chosen)));
  }

  private static String body(ModelInfo model) {
    return "{\"model\":\"%s\",%s\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
        .formatted(
            Output.clean(model.id()).replace("'", ""),
            isAnthropic(model) ? "\"max_tokens\":100," : "");
  }

  private static boolean isAnthropic(ModelInfo model) {
    return model.providers().equals(List.of("anthropic"));
  }
}
