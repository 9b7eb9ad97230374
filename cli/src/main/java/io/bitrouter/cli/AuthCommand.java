package io.bitrouter.cli;

import picocli.CommandLine.Command;

/** The name under which the identity was first asked for. */
@Command(
    name = "auth",
    description = "Show who you are to the node.",
    synopsisSubcommandLabel = "COMMAND",
    addMethodSubcommands = false,
    footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} auth whoami"})
final class AuthCommand {
  private final Cli cli;

  AuthCommand(Cli cli) {
    this.cli = cli;
  }

  @Command(
      name = "whoami",
      description = "Show the key in use, its namespace and scopes; needs no network.",
      footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} auth whoami"})
  void whoami() {
    new Identity(cli).print();
  }
}
