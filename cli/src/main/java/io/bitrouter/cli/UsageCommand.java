package io.bitrouter.cli;

import static java.util.Objects.requireNonNull;

import io.bitrouter.wire.control.Usage.ReconcileRequest;
import io.bitrouter.wire.control.Usage.RequestPage;
import io.bitrouter.wire.control.Usage.RequestRow;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Requests of which a crash left open what they cost. */
@Command(
    name = "usage",
    description = "Settle requests of which a crash left open what they cost.",
    addMethodSubcommands = false,
    footer = "usage indeterminate")
record UsageCommand(Cli cli) {
  private static final String REQUESTS = "/v1/namespaces/me/requests";

  @Command(
      description = "List requests that were under way in a crash; they count at what they held.")
  void indeterminate(@Mixin Page page) {
    Query query = page.addTo(new Query().add("charge_state", Optional.of("indeterminate")));
    cli.answer(
        cli.api().get(REQUESTS + query),
        RequestPage.class,
        found -> {
          RequestRows.print(cli, found.data(), found.nextCursor());
          if (!found.data().isEmpty()) {
            String command = cli.command("usage reconcile REQUEST --charge '$0.01'");
            cli.output()
                .note(
                    "'"
                        + command
                        + "' enters the true charge; after 24 hours what it held stays charged");
          }
        });
  }

  /** The charge in either form. */
  static final class Charge {
    @Option(
        names = "--charge",
        paramLabel = "'$AMOUNT'",
        description = "The charge in dollars, such as '$0.01', in single quotes.")
    @Nullable Money dollars;

    @Option(
        names = "--charge-micro-usd",
        paramLabel = "N",
        description = "The charge in millionths of a dollar.")
    @Nullable Long microUsd;

    private long value() {
      return dollars == null ? requireNonNull(microUsd) : dollars.microUsd();
    }
  }

  @Command(
      description = "Enter what an indeterminate request truly cost, as the provider's bill says.",
      footer = "usage reconcile req_01k0000000000000000000000a --charge '$0.01'")
  void reconcile(
      @Parameters(paramLabel = "REQUEST", description = "The request's id.") String id,
      @ArgGroup(exclusive = true, multiplicity = "1") Charge charge,
      @Mixin Writing.Creating how) {
    byte[] body =
        cli.api()
            .write(
                "POST",
                REQUESTS + "/" + Query.encode(id) + "/reconcile",
                how,
                Optional.of(new ReconcileRequest(charge.value())));
    cli.answer(
        body, RequestRow.class, row -> RequestRows.print(cli, List.of(row), Optional.empty()));
  }
}
