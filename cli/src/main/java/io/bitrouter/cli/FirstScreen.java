package io.bitrouter.cli;

import io.bitrouter.wire.control.ModelInfo;
import io.bitrouter.wire.control.ModelList;
import io.bitrouter.wire.control.NodeFile;
import java.util.List;
import java.util.Optional;

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
    String trial = curl(node, key, models).map("Try it:\n  %s\n\n"::formatted).orElse("");
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
  private static Optional<String> curl(NodeFile node, Credential key, List<ModelInfo> models) {
    Optional<ModelInfo> model =
        models.stream()
            .filter(candidate -> candidate.id().equals("sim/echo"))
            .findFirst()
            .or(() -> models.stream().filter(candidate -> !isAnthropic(candidate)).findFirst())
            .or(() -> models.stream().findFirst());
    return model.map(chosen ->
        ("curl %s/v1/%s -H 'authorization: Bearer %s' -H 'content-type: application/json' -d"
             + " '{\"model\":\"%s\",%s\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'")
            .formatted(
                node.endpoint(),
                isAnthropic(chosen) ? "messages" : "chat/completions",
                key.apiKey(),
                chosen.id().replace("'", ""),
                isAnthropic(chosen) ? "\"max_tokens\":100," : ""));
  }

  private static boolean isAnthropic(ModelInfo model) {
    return model.providers().equals(List.of("anthropic"));
  }
}
