package io.bitrouter.cli;

import io.bitrouter.wire.control.Budgets.BudgetPeriod;
import io.bitrouter.wire.control.Policies.Deleted;
import io.bitrouter.wire.control.Rfc3339;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How policies of all kinds are listed and shown, so that they look alike. */
final class PolicyRows {
  /** Ids and names stay aligned from one list to the next. */
  private static final int COLUMN = 24;

  private final Cli cli;

  PolicyRows(Cli cli) {
    this.cli = cli;
  }

  /**
   * What every kind of policy has besides what it says.
   *
   * @param bindings how many principals it is bound to
   */
  record Common(
      String id, String name, Optional<Instant> disabledAt, boolean locked, long bindings) {

    private String marks() {
      return (disabledAt.isPresent() ? " (disabled)" : "")
          + (locked ? " (locked)" : "")
          + (bindings == 0 ? " (unbound: no effect)" : "");
    }
  }

  /** One line of a list, {@code says} being what tells it from others. */
  static List<String> row(Common common, String says) {
    return List.of(common.id(), common.name(), says + common.marks());
  }

  void list(List<List<String>> rows, String none) {
    if (rows.isEmpty()) {
      cli.output().note(none);
    }
    cli.output().table(rows, COLUMN, COLUMN);
  }

  /** The block of one policy, {@code says} being its own fields. */
  void block(Common common, Map<String, String> says) {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("id", common.id());
    shown.put("name", common.name());
    shown.putAll(says);
    List<String> state = new ArrayList<>();
    state.add(
        common.disabledAt().map(at -> "disabled since " + Rfc3339.format(at)).orElse("enabled"));
    if (common.locked()) {
      state.add("locked by the operator");
    }
    shown.put("state", String.join(", ", state));
    shown.put(
        "bindings",
        common.bindings() == 0 ? "none, so no effect" : Long.toString(common.bindings()));
    cli.output().fields(shown);
    if (common.bindings() == 0) {
      String bind =
          "cloud policy bind %s --principal-type namespace --principal-id me"
              .formatted(common.id());
      cli.output().note("bind it to the whole namespace with '" + cli.command(bind) + "'");
    }
  }

  void delete(String path, String id, Writing how) {
    byte[] body = cli.api().write("DELETE", path + "/" + Query.encode(id), how, Optional.empty());
    cli.answer(body, Deleted.class, answer -> cli.output().line("deleted: " + answer.deleted()));
  }

  /** For example {@code day}, {@code rolling hour} or {@code calendar week Europe/Berlin}. */
  static String window(String window, Optional<BudgetPeriod> period) {
    return period
        .map(p -> p.align() + " " + p.unit() + p.timeZone().map(zone -> " " + zone).orElse(""))
        .orElse(window);
  }
}
