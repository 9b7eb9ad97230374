package io.bitrouter.cli;

import io.bitrouter.wire.control.Budgets.BillingBalance;
import picocli.CommandLine.Command;

/** What is left of the namespace's total budget. */
@Command(
    name = "billing",
    description = "Show what is left of your namespace's total budget.",
    addMethodSubcommands = false,
    footer = "cloud billing balance")
record BillingCommand(Cli cli) {
  @Command(description = "Show balance, pending and available money.")
  void balance() {
    cli.answer(
        cli.api().get("/v1/billing/balance"),
        BillingBalance.class,
        found -> {
          cli.output().line("balance: " + Texts.money(found.balanceMicroUsd()));
          cli.output().line("pending: " + Texts.money(found.pendingDebitsMicroUsd()));
          cli.output().line("available: " + Texts.money(found.availableMicroUsd()));
        });
  }
}
