package io.bitrouter.cli;

import io.bitrouter.wire.control.NodeUsageReport;
import io.bitrouter.wire.control.Rfc3339;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the operator of the node sees of all namespaces together. */
@Command(
    name = "node",
    description = "See all namespaces of the node together, as its operator.",
    synopsisSubcommandLabel = "COMMAND",
    addMethodSubcommands = false,
    footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} node usage --by namespace"})
final class NodeCommand {
  private final Cli cli;

  NodeCommand(Cli cli) {
    this.cli = cli;
  }

  /** What usage can be grouped by. */
  enum Grouping {
    namespace
  }

  @Command(
      name = "usage",
      description = "Show spend, tokens and requests of every namespace, deleted ones too.",
      footer = {
        "",
        "Example:",
        "  ${ROOT-COMMAND-NAME} node usage --by namespace --from 2026-05-01T00:00:00Z",
      })
  void usage(
      @Option(
              names = "--by",
              required = true,
              paramLabel = "WHAT",
              description = "Group by: ${COMPLETION-CANDIDATES}.")
          Grouping by,
      @Option(
              names = "--from",
              paramLabel = "TIME",
              description = "Start, RFC 3339 (default: 30 days before the end).")
          Optional<String> from,
      @Option(names = "--to", paramLabel = "TIME", description = "End, RFC 3339 (default: now).")
          Optional<String> to) {
    String query =
        new Query()
            .add("group_by", Optional.of(by.name()))
            .add("from", from.map(time -> Times.canonical("--from", time)))
            .add("to", to.map(time -> Times.canonical("--to", time)))
            .toString();
    cli.answer(cli.operatorApi().get("/v1/node/usage" + query), NodeUsageReport.class, this::print);
  }

  private void print(NodeUsageReport report) {
    cli.output().note(Rfc3339.format(report.from()) + " to " + Rfc3339.format(report.to()));
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "NAMESPACE", "NAME", "SPEND", "REQUESTS", "DENIED", "PROMPT", "COMPLETION", "STATE"));
    report
        .groups()
        .forEach(group ->
            rows.add(
                List.of(
                    group.namespaceId(),
                    group.name(),
                    MicroUsd.show(group.spendMicroUsd()),
                    Long.toString(group.requestCount()),
                    Long.toString(group.deniedCount()),
                    Long.toString(group.promptTokens()),
                    Long.toString(group.completionTokens()),
                    group.deleted() ? "deleted" : "live")));
    cli.output().table(rows);
  }
}
