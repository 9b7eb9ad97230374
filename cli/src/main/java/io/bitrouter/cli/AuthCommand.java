package io.bitrouter.cli;

import picocli.CommandLine.Command;

/** The name under which the identity was first asked for. */
@Command(
    name = "auth",
    description = "Show who you are to the node.",
    addMethodSubcommands = false,
    footer = "auth whoami")
record AuthCommand(Cli cli) {
  @Command(description = "Show the key in use, its namespace and scopes; needs no network.")
  void whoami() {
    Identity.print(cli);
  }
}
