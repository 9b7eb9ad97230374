package io.bitrouter.cli;

import io.bitrouter.wire.control.Rfc3339;
import io.bitrouter.wire.control.Usage.RequestRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How requests are listed. */
final class RequestRows {
  private RequestRows() {}

  /** Prints the rows, and how to get at the next ones. */
  static void print(Cli cli, List<RequestRow> data, Optional<String> nextCursor) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("TIME", "STATUS", "MODEL", "CHARGE", "PROMPT", "COMPLETION", "MS", "REQUEST"));
    for (RequestRow row : data) {
      rows.add(
          List.of(
              Rfc3339.format(row.createdAt()),
              row.code().map(code -> row.status() + " " + code).orElse(row.status()),
              row.modelId().or(row::requestedModel).orElse("-"),
              row.finalChargeMicroUsd().map(Texts::money).orElse("-"),
              Long.toString(row.promptTokens()),
              Long.toString(row.completionTokens()),
              Long.toString(row.totalMs()),
              row.requestId()));
    }
    cli.output().table(rows);
    Page.next(cli, nextCursor);
  }
}
