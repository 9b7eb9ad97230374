package io.bitrouter.cli;

import io.bitrouter.cli.ClientSettings.Client;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A coding agent that can be run as a child of this program, on this terminal. */
enum Agent {
  claude(Client.claude, "npm install -g @anthropic-ai/claude-code"),
  codex(Client.codex, "npm install -g @openai/codex"),
  opencode(Client.opencode, "npm install -g opencode-ai");

  private final Client client;
  private final String installedBy;

  Agent(Client client, String installedBy) {
    this.client = client;
    this.installedBy = installedBy;
  }

  /**
   * Runs it with the node's address and the key in use in its environment, and waits for its end.
   * Nothing is written, and no argument holds the key.
   *
   * @param model what it is to ask for; absent for its own choice
   * @param arguments passed on as they are
   * @return its exit code; 128 and the signal's number when a signal ended it
   * @throws Failure when it is not on the PATH or does not start
   */
  int run(Cli cli, Optional<String> model, List<String> arguments) {
    Path program =
        cli.world()
            .onPath(name())
            .orElseThrow(() ->
                Failure.of(
                    Exit.NOT_FOUND,
                    "there is no " + name() + " on the PATH",
                    "install it with '" + installedBy + "'"));
    ClientSettings settings = new ClientSettings(cli);
    List<String> command = new ArrayList<>(List.of(program.toString()));
    if (this == codex) {
      command.addAll(settings.codexOptions(model));
    }
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    Map<String, String> env = new HashMap<>(cli.world().env());
    env.putAll(settings.environment(client, model));
    builder.environment().clear();
    builder.environment().putAll(env);
    builder.directory(cli.world().workingDirectory().toFile());
    cli.output().flush();
    try (Signals _ = new Signals(Agent::endChildren)) {
      return builder.start().waitFor();
    } catch (IOException e) {
      throw Failure.of(Exit.FAILURE, "cannot run " + program + ": " + e.getMessage());
    } catch (InterruptedException e) {
      endChildren();
      Thread.currentThread().interrupt();
      throw Failure.of(Exit.FAILURE, "interrupted");
    }
  }

  private static void endChildren() {
    ProcessHandle.current().children().forEach(ProcessHandle::destroy);
  }
}
