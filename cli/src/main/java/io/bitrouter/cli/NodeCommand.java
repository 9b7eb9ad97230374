package io.bitrouter.cli;

import io.bitrouter.wire.control.Rfc3339;
import io.bitrouter.wire.control.Usage.NodeUsageReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the operator of the node sees of all namespaces together. */
@Command(
    name = "node",
    description = "See all namespaces of the node together, as its operator.",
    addMethodSubcommands = false,
    footer = "node usage --by namespace")
record NodeCommand(Cli cli) {
  enum Grouping {
    namespace
  }

  @Command(
      description = "Show spend, tokens and requests of every namespace, deleted ones too.",
      footer = "node usage --by namespace --from 2026-05-01T00:00:00Z")
  void usage(
      @Option(
              names = "--by",
              required = true,
              paramLabel = "WHAT",
              description = "Group by: ${COMPLETION-CANDIDATES}.")
          Grouping by,
      @Mixin Period period) {
    Query query = period.addTo(new Query().add("group_by", Optional.of(by)));
    cli.answer(cli.operatorApi().get("/v1/node/usage" + query), NodeUsageReport.class, this::print);
  }

  private void print(NodeUsageReport report) {
    cli.output().note(Rfc3339.format(report.from()) + " to " + Rfc3339.format(report.to()));
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "NAMESPACE", "NAME", "SPEND", "REQUESTS", "DENIED", "PROMPT", "COMPLETION", "STATE"));
    for (var group : report.groups()) {
      rows.add(
          List.of(
              group.namespaceId(),
              group.name(),
              Texts.money(group.spendMicroUsd()),
              Long.toString(group.requestCount()),
              Long.toString(group.deniedCount()),
              Long.toString(group.promptTokens()),
              Long.toString(group.completionTokens()),
              group.deleted() ? "deleted" : "live"));
    }
    cli.output().table(rows);
  }
}
