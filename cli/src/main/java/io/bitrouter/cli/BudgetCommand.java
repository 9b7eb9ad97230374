package io.bitrouter.cli;

import io.bitrouter.wire.control.Budgets.BudgetChange;
import io.bitrouter.wire.control.Budgets.BudgetDraft;
import io.bitrouter.wire.control.Budgets.BudgetExplanation;
import io.bitrouter.wire.control.Budgets.BudgetInfo;
import io.bitrouter.wire.control.Budgets.BudgetList;
import io.bitrouter.wire.control.Budgets.BudgetStatus;
import io.bitrouter.wire.control.Policies.PolicyBinding;
import io.bitrouter.wire.control.Policies.PolicyBindingList;
import io.bitrouter.wire.control.Policies.PrincipalRef;
import io.bitrouter.wire.control.Rfc3339;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Caps on money. */
@Command(
    name = "budget",
    description = "Cap what your namespace or one of its keys may spend.",
    addMethodSubcommands = false,
    footer = "cloud budget create --name daily-cap --window day --limit '$5'")
record BudgetCommand(Cli cli) {
  static final String PATH = "/v1/namespaces/me/budgets";

  private static final BudgetChange NO_CHANGE =
      new BudgetChange(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** What a new budget is bound to. */
  static final class Target {
    @Option(
        names = "--bind",
        paramLabel = "TYPE:ID",
        description = "Bind it to this: namespace (default), or api_key:ID.")
    @Nullable PrincipalRef bind;

    @Option(names = "--unbound", description = "Bind it to nothing; it has no effect until then.")
    boolean unbound;
  }

  @Command(
      description = "Make a budget and bind it to the namespace, unless told otherwise.",
      footer = {
        "",
        "Example:",
        "  ${ROOT-COMMAND-NAME} cloud budget create --name daily-cap --window day --limit '$5'",
        "  ${ROOT-COMMAND-NAME} cloud budget create --name agent --per week --calendar \\",
        "      --tz Europe/Berlin --limit '$0.50' --mode strict --bind api_key:ID",
      })
  void create(
      @Option(names = "--name", required = true, paramLabel = "NAME", description = "A name.")
          String name,
      @Mixin BudgetOptions options,
      @ArgGroup(exclusive = true) @Nullable Target target,
      @Mixin Writing.Creating how) {
    Optional<PrincipalRef> bind =
        target == null ? Optional.of(Principals.OWN_NAMESPACE) : Optional.ofNullable(target.bind);
    BudgetDraft draft =
        new BudgetDraft(
            name,
            options
                .window()
                .orElseThrow(() ->
                    Failure.of(Exit.USAGE, "give --window day, month or total, or --per UNIT")),
            options
                .limitMicroUsd()
                .orElseThrow(
                    () -> Failure.of(Exit.USAGE, "give --limit '$AMOUNT' or --limit-micro-usd N")),
            options.period(),
            options.mode(),
            options.unpriced(),
            bind);
    byte[] body = cli.api().write("POST", PATH, how, Optional.of(draft));
    cli.answer(body, BudgetInfo.class, this::print);
    if (target == null) {
      cli.output()
          .note(
              "bound to the whole namespace; --bind api_key:ID binds it to one key, --unbound to"
                  + " nothing");
    }
  }

  @Command(description = "List the budgets of your namespace.", footer = "cloud budget list")
  void list() {
    cli.answer(cli.api().get(PATH), BudgetList.class, this::printList);
  }

  private void printList(BudgetList list) {
    new PolicyRows(cli)
        .list(
            list.data().stream()
                .map(budget -> PolicyRows.row(common(budget), terms(budget)))
                .toList(),
            "no budgets");
  }

  private static String terms(BudgetInfo budget) {
    return "window=%s  limit=%s"
        .formatted(
            PolicyRows.window(budget.window(), budget.period()),
            Texts.money(budget.limitMicroUsd()));
  }

  private static PolicyRows.Common common(BudgetInfo budget) {
    return new PolicyRows.Common(
        budget.id(), budget.name(), budget.disabledAt(), budget.locked(), budget.bindingCount());
  }

  private void print(BudgetInfo budget) {
    Map<String, String> says = new LinkedHashMap<>();
    says.put("window", PolicyRows.window(budget.window(), budget.period()));
    says.put("limit", Texts.money(budget.limitMicroUsd()));
    says.put("mode", budget.mode());
    says.put("unpriced", budget.unpricedModel());
    new PolicyRows(cli).block(common(budget), says);
  }

  @Command(
      description = "Show one budget.",
      footer = "cloud budget get pol_01k0000000000000000000000a")
  void get(@Parameters(paramLabel = "ID", description = "The budget's id.") String id) {
    cli.answer(cli.api().get(path(id)), BudgetInfo.class, this::print);
  }

  private static String path(String id) {
    return PATH + "/" + Query.encode(id);
  }

  @Command(
      description = "Change a budget; in force with the answer, and what is spent stays spent.",
      footer = "cloud budget update pol_01k0000000000000000000000a --limit '$10'")
  void update(
      @Parameters(paramLabel = "ID", description = "The budget's id.") String id,
      @Option(names = "--name", paramLabel = "NAME", description = "The new name.")
          Optional<String> name,
      @Mixin BudgetOptions options,
      @Mixin Writing how) {
    BudgetChange change =
        new BudgetChange(
            name,
            options.window(),
            options.limitMicroUsd(),
            options.period(),
            options.mode(),
            options.unpriced());
    if (change.equals(NO_CHANGE)) {
      throw Failure.of(Exit.USAGE, "nothing to change: give --limit, --window or another option");
    }
    cli.answer(
        cli.api().write("PUT", path(id), how, Optional.of(change)), BudgetInfo.class, this::print);
  }

  @Command(
      description = "Delete a budget with its bindings.",
      footer = "cloud budget delete pol_01k0000000000000000000000a")
  void delete(
      @Parameters(paramLabel = "ID", description = "The budget's id.") String id,
      @Mixin Writing how) {
    new PolicyRows(cli).delete(PATH, id, how);
  }

  @Command(
      description = "Show what is spent, held and left, and when it will be used up.",
      footer = "cloud budget status pol_01k0000000000000000000000a")
  void status(@Parameters(paramLabel = "ID", description = "The budget's id.") String id) {
    cli.answer(cli.api().get(path(id) + "/status"), BudgetStatus.class, this::printStatus);
  }

  private void printStatus(BudgetStatus status) {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("budget", "%s (%s)".formatted(status.name(), status.id()));
    shown.put("window", PolicyRows.window(status.window(), status.period()));
    shown.put("mode", status.mode());
    shown.put("limit", Texts.money(status.limitMicroUsd()));
    shown.put("settled", Texts.money(status.settledMicroUsd()));
    shown.put("reserved", Texts.money(status.reservedMicroUsd()));
    shown.put("worst case", Texts.money(status.worstCaseMicroUsd()));
    shown.put("remaining", Texts.money(status.remainingMicroUsd()));
    shown.put("burn rate", Texts.money(status.burnRateMicroUsdPerHour()) + " an hour");
    shown.put("used up", moment(status.projectedExhaustionAt(), "not at this rate"));
    shown.put("next free", moment(status.nextFreeAt(), "-"));
    cli.output().fields(shown);
    if (status.bindings().isEmpty()) {
      cli.output().note("it is bound to nothing, so it has no effect");
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("BOUND TO", "SINCE", "SETTLED", "RESERVED", "REMAINING", "USED UP"));
    for (BudgetStatus.Binding one : status.bindings()) {
      rows.add(
          List.of(
              Principals.text(one.principalType(), one.principalId()),
              Rfc3339.format(one.windowFrom()),
              Texts.money(one.settledMicroUsd()),
              Texts.money(one.reservedMicroUsd()),
              Texts.money(one.remainingMicroUsd()),
              moment(one.projectedExhaustionAt(), "-")));
    }
    cli.output().line("");
    cli.output().table(rows);
  }

  private static String moment(Optional<Instant> time, String none) {
    return time.map(Rfc3339::format).orElse(none);
  }

  @Command(
      description = "List the requests that make up what a budget has counted.",
      footer = "cloud budget explain pol_01k0000000000000000000000a")
  void explain(
      @Parameters(paramLabel = "ID", description = "The budget's id.") String id,
      @Option(
              names = "--for",
              paramLabel = "TYPE:ID",
              description = "Whose: one of its bindings, if it has several.")
          Optional<PrincipalRef> principal,
      @Mixin Page page) {
    PrincipalRef whose = principal.orElseGet(() -> onlyBinding(id));
    Query query =
        new Query()
            .add("principal_type", Optional.of(whose.principalType()))
            .add("principal_id", Optional.of(whose.principalId()));
    byte[] body = cli.api().get(path(id) + "/explain" + page.addTo(query));
    cli.answer(body, BudgetExplanation.class, this::printExplanation);
  }

  private PrincipalRef onlyBinding(String id) {
    List<PolicyBinding> all =
        Api.read(cli.api().get(PolicyCommand.bindingsPath(id)), PolicyBindingList.class).data();
    if (all.size() == 1) {
      return new PrincipalRef(all.getFirst().principalType(), all.getFirst().principalId());
    }
    String which =
        String.join(
            ", ",
            all.stream().map(b -> Principals.text(b.principalType(), b.principalId())).toList());
    throw all.isEmpty()
        ? Failure.of(Exit.NOT_FOUND, "the budget is bound to nothing, so it has counted nothing")
        : Failure.of(Exit.USAGE, "the budget has several bindings", "say --for one of: " + which);
  }

  private void printExplanation(BudgetExplanation found) {
    cli.output()
        .line(
            "%s settled %s for %s from %s to %s"
                .formatted(
                    found.name(),
                    Texts.money(found.settledMicroUsd()),
                    Principals.text(found.principalType(), found.principalId()),
                    Rfc3339.format(found.windowFrom()),
                    Rfc3339.format(found.windowTo())));
    RequestRows.print(cli, found.data(), found.nextCursor());
  }
}
