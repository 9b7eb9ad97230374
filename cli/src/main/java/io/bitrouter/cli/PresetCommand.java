package io.bitrouter.cli;

import io.bitrouter.wire.control.Policies.PresetChange;
import io.bitrouter.wire.control.Policies.PresetDraft;
import io.bitrouter.wire.control.Policies.PresetInfo;
import io.bitrouter.wire.control.Policies.PresetList;
import io.bitrouter.wire.control.RawJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Bundles of a guardrail, a budget and a rate limit. */
@Command(
    name = "preset",
    description = "Bundle a guardrail, a budget and a rate limit under one name.",
    addMethodSubcommands = false,
    footer = "cloud preset list")
record PresetCommand(Cli cli) {
  private static final String PATH = "/v1/namespaces/me/presets";

  /** The clauses, each the JSON of that kind's spec. */
  static final class Clauses {
    @Option(
        names = "--guardrail",
        paramLabel = "FILE",
        description = "The guardrail's spec as JSON; - for standard input.")
    Optional<String> guardrail = Optional.empty();

    @Option(names = "--budget", paramLabel = "FILE", description = "The budget's spec.")
    Optional<String> budget = Optional.empty();

    @Option(names = "--rate-limit", paramLabel = "FILE", description = "The rate limit's spec.")
    Optional<String> rateLimit = Optional.empty();

    private Optional<RawJson> read(Cli cli, Optional<String> file) {
      return file.map(path -> PolicyCommand.spec(cli, path));
    }
  }

  @Command(description = "List the presets of your namespace.", footer = "cloud preset list")
  void list() {
    cli.answer(cli.api().get(PATH), PresetList.class, this::printList);
  }

  private void printList(PresetList list) {
    new PolicyRows(cli)
        .list(
            list.data().stream()
                .map(
                    preset -> PolicyRows.row(common(preset), "clauses=" + clauses(preset).keySet()))
                .toList(),
            "no presets");
  }

  private static PolicyRows.Common common(PresetInfo preset) {
    return new PolicyRows.Common(
        preset.id(), preset.name(), preset.disabledAt(), preset.locked(), preset.bindingCount());
  }

  private static Map<String, String> clauses(PresetInfo preset) {
    Map<String, String> clauses = new LinkedHashMap<>();
    preset.guardrail().ifPresent(spec -> clauses.put("guardrail", spec.text()));
    preset.budget().ifPresent(spec -> clauses.put("budget", spec.text()));
    preset.rateLimit().ifPresent(spec -> clauses.put("rate_limit", spec.text()));
    return clauses;
  }

  private void print(PresetInfo preset) {
    new PolicyRows(cli).block(common(preset), clauses(preset));
  }

  private static String path(String id) {
    return PATH + "/" + Query.encode(id);
  }

  @Command(
      description = "Show one preset.",
      footer = "cloud preset get pol_01k0000000000000000000000a")
  void get(@Parameters(paramLabel = "ID", description = "The preset's id.") String id) {
    cli.answer(cli.api().get(path(id)), PresetInfo.class, this::print);
  }

  @Command(
      description = "Make a preset from up to three specs.",
      footer = {
        "",
        "Example:",
        "  ${ROOT-COMMAND-NAME} cloud preset create --name trainee \\",
        "      --guardrail guardrail.json --budget budget.json --bind api_key:ID",
      })
  void create(
      @Option(names = "--name", required = true, paramLabel = "NAME", description = "A name.")
          String name,
      @Mixin Clauses clauses,
      @Mixin Principals.Binding binding,
      @Mixin Writing.Creating how) {
    PresetDraft draft =
        new PresetDraft(
            name,
            clauses.read(cli, clauses.guardrail),
            clauses.read(cli, clauses.budget),
            clauses.read(cli, clauses.rateLimit),
            binding.bind);
    cli.answer(
        cli.api().write("POST", PATH, how, Optional.of(draft)), PresetInfo.class, this::print);
  }

  /** Clauses to take out. */
  static final class Cleared {
    @Option(names = "--clear-guardrail", description = "Take the guardrail out.")
    boolean guardrail;

    @Option(names = "--clear-budget", description = "Take the budget out.")
    boolean budget;

    @Option(names = "--clear-rate-limit", description = "Take the rate limit out.")
    boolean rateLimit;

    private static Optional<Boolean> flag(boolean given) {
      return given ? Optional.of(true) : Optional.empty();
    }
  }

  @Command(
      description = "Rename a preset, replace clauses or take them out; in force with the answer.",
      footer = "cloud preset update pol_01k0000000000000000000000a --clear-budget")
  void update(
      @Parameters(paramLabel = "ID", description = "The preset's id.") String id,
      @Option(names = "--name", paramLabel = "NAME", description = "The new name.")
          Optional<String> name,
      @Mixin Clauses clauses,
      @Mixin Cleared cleared,
      @Mixin Writing how) {
    PresetChange change =
        new PresetChange(
            name,
            clauses.read(cli, clauses.guardrail),
            clauses.read(cli, clauses.budget),
            clauses.read(cli, clauses.rateLimit),
            Cleared.flag(cleared.guardrail),
            Cleared.flag(cleared.budget),
            Cleared.flag(cleared.rateLimit));
    cli.answer(
        cli.api().write("PUT", path(id), how, Optional.of(change)), PresetInfo.class, this::print);
  }

  @Command(
      description = "Delete a preset with its bindings.",
      footer = "cloud preset delete pol_01k0000000000000000000000a")
  void delete(
      @Parameters(paramLabel = "ID", description = "The preset's id.") String id,
      @Mixin Writing how) {
    new PolicyRows(cli).delete(PATH, id, how);
  }
}
