package io.bitrouter.cli;

import io.bitrouter.wire.control.Models.ModelInfo;
import io.bitrouter.wire.control.Models.ModelList;
import io.bitrouter.wire.control.NodeFile;
import java.util.Comparator;
import java.util.List;

/** What {@code start} shows: at most 15 lines, everything in them works as pasted. */
final class FirstScreen {
  private FirstScreen() {}

  /** Prints it; {@code state} is {@code is running} or {@code is already running}. */
  static void show(Cli cli, NodeFile node, Credential key, String state) {
    List<ModelInfo> models =
        Api.read(cli.api(node.endpoint(), key.apiKey()).get("/v1/models"), ModelList.class).data();
    String head =
        """
        BitRouter %s %s at %s (pid %d)
        stop:       %s
        log:        %s
        namespace:  %s (%s)
        providers:  %s
        """
            .formatted(
                node.version(),
                state,
                node.endpoint(),
                node.pid(),
                cli.command("stop"),
                cli.node().log(),
                key.text("namespace_name").orElse(""),
                key.namespaceId().orElse(""),
                providers(models));
    // Best the simulator, which costs nothing, then a model of the protocol most clients speak.
    String trial =
        models.stream()
            .min(
                Comparator.comparing((ModelInfo model) -> !model.id().equals("sim/echo"))
                    .thenComparing(FirstScreen::isAnthropic))
            .map(model -> "Try it:\n  " + curl(node, key, model) + "\n\n")
            .orElse("");
    String next =
        """
        Next:
          %s
          %s
          %s
        """
            .formatted(
                cli.command("cloud whoami"),
                cli.command(
                    "cloud keys mint --name my-agent --scope \"inference:invoke usage:read\""),
                cli.command("cloud usage"));
    (head + "\n" + trial + next).lines().forEach(cli.output()::line);
  }

  private static String providers(List<ModelInfo> models) {
    List<String> ids =
        models.stream().flatMap(model -> model.providers().stream()).distinct().sorted().toList();
    return ids.isEmpty()
        ? "none: set OPENAI_API_KEY or ANTHROPIC_API_KEY, or add providers to bitrouter.yaml"
        : String.join(", ", ids);
  }

  /** Anthropic's own API has no chat completions, so its models are tried by messages. */
  private static String curl(NodeFile node, Credential key, ModelInfo model) {
    boolean messages = isAnthropic(model);
    String body =
        "{\"model\":\"%s\",%s\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
            .formatted(model.id().replace("'", ""), messages ? "\"max_tokens\":100," : "");
    return "curl %s/v1/%s -H 'authorization: Bearer %s' -H 'content-type: application/json' -d '%s'"
        .formatted(node.endpoint(), messages ? "messages" : "chat/completions", key.apiKey(), body);
  }

  private static boolean isAnthropic(ModelInfo model) {
    return model.providers().equals(List.of("anthropic"));
  }
}
