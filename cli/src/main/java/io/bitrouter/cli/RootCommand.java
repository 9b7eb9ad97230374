package io.bitrouter.cli;

import io.bitrouter.cli.ClientSettings.Client;
import io.bitrouter.wire.control.NodeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** The program itself: the commands that are about this host's node. */
@Command(
    description = "Runs a self-hosted LLM gateway on this host and manages it.",
    addMethodSubcommands = false,
    footer = {
      "",
      "Environment:",
      "  BITROUTER_HOME            where the node keeps its state (default ~/.bitrouter)",
      "  BITROUTER_URL             use this node; goes with BITROUTER_API_KEY",
      "  BITROUTER_API_KEY         use this key; both win over every file",
      "  BITROUTER_OPERATOR_TOKEN  use this operator credential",
      "  BITROUTER_OUTPUT          json: same as --json",
      "  NO_COLOR                  no colours",
      "",
      "Exit codes: 0 done, 1 failure, 2 usage, 3 declined, 4 not signed in, 5 not allowed,",
      "6 not found, 7 conflict, 8 limited or over budget, 9 unreachable, 130 interrupted.",
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} start",
    })
final class RootCommand {
  private static final Duration START_PATIENCE = Duration.ofSeconds(30);

  /** The node drains for 30 s by default; the rest is for closing its store. */
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(45);

  private final Cli cli;

  RootCommand(Cli cli) {
    this.cli = cli;
  }

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print the server's JSON unchanged; errors become one JSON object.")
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  boolean version;

  @Command(
      description = "Start the node in the background; does nothing when it runs.",
      footer = "start --listen 127.0.0.1:8080")
  void start(
      @Option(
              names = "--listen",
              paramLabel = "HOST:PORT",
              description = "Where to listen; port 0 takes a free one.")
          Optional<String> listen) {
    Optional<NodeFile> running = cli.node().running();
    if (running.isPresent() && listen.isPresent()) {
      cli.output().note("the node already runs, so --listen has no effect: stop it first");
    }
    if (running.isPresent()) {
      show(running.get(), "is already running");
    } else {
      startAndShow(listen);
    }
  }

  private void startAndShow(Optional<String> listen) {
    started(cli.node().start(listen, START_PATIENCE));
  }

  private void started(NodeFile node) {
    show(node, "is running");
    cli.world()
        .launcher()
        .afterFirstStart()
        .ifPresent(script -> {
          long unused = cli.node().detached(List.of(script.toString()), Path.of("/dev/null"));
        });
  }

  private void show(NodeFile node, String state) {
    Credential key = cli.credentials().ensure(node);
    if (cli.output().json()) {
      Map<String, @Nullable Object> shown = describe(Optional.of(node));
      shown.put("namespace_id", key.namespaceId().orElse(null));
      shown.put("api_key", key.apiKey());
      cli.output().object(shown);
    } else {
      FirstScreen.show(cli, node, key, state);
    }
  }

  private Map<String, @Nullable Object> describe(Optional<NodeFile> node) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("running", node.isPresent());
    shown.put("pid", node.map(NodeFile::pid).orElse(null));
    shown.put("endpoint", node.map(NodeFile::endpoint).orElse(null));
    shown.put("admin_endpoint", node.map(NodeFile::adminEndpoint).orElse(null));
    shown.put("home", cli.world().home().toString());
    shown.put("version", node.map(NodeFile::version).orElse(cli.world().launcher().version()));
    return shown;
  }

  @Command(description = "Stop the node after it has finished the requests it is serving.")
  void stop() {
    Optional<NodeFile> running = cli.node().running();
    running.ifPresent(this::stopOrFail);
    cli.result(
        describe(Optional.empty()),
        running.map(node -> "stopped (pid %d)".formatted(node.pid())).orElse("not running"));
  }

  private void stopOrFail(NodeFile node) {
    if (!cli.node().stop(node, STOP_PATIENCE)) {
      throw Failure.of(
          Exit.FAILURE,
          "the node (pid %d) still runs after %d s"
              .formatted(node.pid(), STOP_PATIENCE.toSeconds()),
          "it may still be finishing requests; 'kill -9 %d' ends it at once".formatted(node.pid()));
    }
  }

  @Command(description = "Stop the node, if it runs, and start it with the present configuration.")
  void restart(
      @Option(
              names = "--listen",
              paramLabel = "HOST:PORT",
              description = "Where to listen; default: as before.")
          Optional<String> listen) {
    Optional<NodeFile> running = cli.node().running();
    if (running.isEmpty()) {
      startAndShow(listen);
      return;
    }
    NodeFile old = running.get();
    Optional<String> address = listen.or(() -> HostNode.listenOption(old));
    started(cli.node().replace(old, address, STOP_PATIENCE.plus(START_PATIENCE)));
  }

  @Command(
      description = "Show whether the node runs and which credential is in use.",
      footer = "status --json")
  void status() {
    Optional<NodeFile> node = cli.node().running();
    Map<String, @Nullable Object> described = describe(node);
    String credential;
    try {
      Identity identity = new Identity(cli);
      described.put("credential", identity.object());
      credential = Identity.describe(identity.info());
    } catch (Failure e) {
      described.put("credential", null);
      credential = e.message;
    }
    if (cli.output().json()) {
      cli.output().object(described);
      return;
    }
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put(
        "node",
        node.map(n -> "running at %s (pid %d)".formatted(n.endpoint(), n.pid()))
            .orElse("not running"));
    node.ifPresent(n -> shown.put("admin", n.adminEndpoint()));
    shown.put("version", String.valueOf(described.get("version")));
    shown.put("home", cli.world().home().toString());
    shown.put("credential", credential);
    cli.output().fields(shown);
  }

  @Command(description = "Show the end of the node's log.", footer = "logs -n 20 -f")
  void logs(
      @Option(
              names = {"-f", "--follow"},
              description = "Go on with what is added, until Ctrl-C.")
          boolean follow,
      @Option(
              names = {"-n", "--lines"},
              paramLabel = "N",
              defaultValue = "50",
              description = "How many lines, at most 100000 (default ${DEFAULT-VALUE}).")
          int lines) {
    if (lines < 0 || lines > 100_000) {
      throw Failure.of(Exit.USAGE, "-n must be between 0 and 100000");
    }
    Path log = cli.node().log();
    if (!Files.exists(log)) {
      throw Failure.of(Exit.NOT_FOUND, "there is no log yet: " + log);
    }
    LogTail.End end = LogTail.last(log, lines);
    cli.output().raw(end.bytes(), end.bytes().length);
    if (follow) {
      LogTail.follow(log, end.size(), cli.output());
    }
  }

  @Command(description = "Write a commented configuration file, bitrouter.yaml, into the home.")
  void init(@Option(names = "--force", description = "Replace an existing file.") boolean force)
      throws IOException {
    Path file = cli.world().home().resolve("bitrouter.yaml");
    if (Files.exists(file) && !force) {
      throw Failure.of(
          Exit.CONFLICT, file + " exists and was left as it is", "--force replaces it");
    }
    try (InputStream template = RootCommand.class.getResourceAsStream("bitrouter.yaml")) {
      if (template == null) {
        throw new IllegalStateException("the template is missing from the program");
      }
      PrivateFiles.write(file, template.readAllBytes());
    }
    cli.result(Map.of("path", file.toString()), "wrote " + file);
  }

  @Command(
      description = "Show on a throw-away node what a stolen key can do, and what stops it.",
      footer = {
        "",
        "Takes some seconds, costs nothing, uses nothing of yours and leaves nothing behind. Ends",
        "with 0 only if everything the thief tried was stopped.",
        "",
        "Example:",
        "  ${ROOT-COMMAND-NAME} demo",
      })
  void demo() {
    DemoHost.run(cli);
  }

  @Command(
      description = "Print what clients need in their environment, as lines for a shell.",
      footer = {
        "",
        "The lines hold the key in use. An empty value keeps the client from using another.",
        "",
        "Example:",
        "  eval \"$(${ROOT-COMMAND-NAME} env openai)\"",
      })
  void env(
      @Parameters(
              arity = "0..1",
              paramLabel = "CLIENT",
              description = "${COMPLETION-CANDIDATES}; all of them by default.")
          Optional<Client> client) {
    ClientSettings settings = new ClientSettings(cli);
    Map<String, String> env = new LinkedHashMap<>();
    client.map(List::of).orElse(List.of(Client.values())).stream()
        .map(one -> settings.environment(one, Optional.empty()))
        .forEach(env::putAll);
    if (cli.output().json()) {
      cli.output().object(env);
    } else {
      env.forEach(
          (name, value) -> cli.output().line("export %s=%s".formatted(name, quoted(value))));
    }
    if (cli.world().terminals().out()) {
      cli.output().note("this shows a secret: whoever reads the key can use it");
    }
    if (client.equals(Optional.of(Client.codex))) {
      String launch = cli.command("launch codex");
      cli.output().note("Codex needs a provider besides, which '" + launch + "' gives to it");
    }
  }

  private static String quoted(String value) {
    return "'" + value.replace("'", "'\\''") + "'";
  }

  @Command(
      description = "Run a coding agent that uses the node; only its own environment is changed.",
      footer = {
        "",
        "Ends with the agent's exit code.",
        "",
        "Examples:",
        "  ${ROOT-COMMAND-NAME} launch claude",
        "  ${ROOT-COMMAND-NAME} launch codex --model openai/gpt-5 -- exec \"explain this folder\"",
      })
  int launch(
      @Parameters(index = "0", paramLabel = "AGENT", description = "${COMPLETION-CANDIDATES}")
          Agent agent,
      @Option(
              names = "--model",
              paramLabel = "MODEL",
              description = "What it asks for; default: its own choice, for opencode the first.")
          Optional<String> model,
      @Parameters(
              index = "1..*",
              arity = "0..*",
              paramLabel = "ARGUMENTS",
              description = "Passed on as they are; put -- before them.")
          @Nullable List<String> arguments) {
    return agent.run(cli, model, arguments == null ? List.of() : arguments);
  }

  enum Shell {
    bash,
    zsh
  }

  @Command(
      description = "Print a completion script for a shell.",
      footer = {
        "",
        "Example:",
        "  source <(${ROOT-COMMAND-NAME} completion bash)",
      })
  void completion(
      @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}") Shell shell) {
    CommandLine root = CommandTree.whole(cli);
    String script = AutoComplete.bash(cli.world().launcher().name(), root);
    cli.output().text(shell == Shell.zsh ? "autoload -Uz compinit && compinit\n" + script : script);
  }
}
