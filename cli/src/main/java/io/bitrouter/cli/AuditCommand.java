package io.bitrouter.cli;

import io.bitrouter.wire.control.Audit.AuditHead;
import io.bitrouter.wire.control.Audit.AuditPage;
import io.bitrouter.wire.control.Audit.AuditRow;
import io.bitrouter.wire.control.Audit.AuditVerification;
import io.bitrouter.wire.control.ControlFormatException;
import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.Rfc3339;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The log of changes to the namespace, in which every row seals the ones before. */
@Command(
    name = "audit",
    description = "See who changed what in your namespace, and check that nobody changed the log.",
    addMethodSubcommands = false,
    footer = "cloud audit list")
record AuditCommand(Cli cli) {
  private static final String PATH = "/v1/namespaces/me/audit";

  @Command(description = "List changes, newest first.", footer = "cloud audit list --limit 50")
  void list(@Mixin Page page) {
    cli.answer(cli.api().get(PATH + page.addTo(new Query())), AuditPage.class, this::print);
  }

  private void print(AuditPage page) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("SEQ", "TIME", "ACTOR", "ACTION", "TARGET", "FROM", "REQUEST"));
    for (AuditRow row : page.data()) {
      rows.add(
          List.of(
              Long.toString(row.seq()),
              Rfc3339.format(row.at()),
              row.actor().kind() + ":" + row.actor().id(),
              row.action(),
              row.target().kind() + ":" + row.target().id(),
              row.ip().isEmpty() ? "-" : row.ip(),
              row.requestId()));
    }
    cli.output().table(rows);
    Page.next(cli, page.nextCursor());
  }

  @Command(
      description = "Check the whole log; fails when a row is not as it was written.",
      footer = {
        "",
        "Every row seals the rows before it, and the node signs the last one, the head. Rows cut",
        "off the end together with the head leave a log that is whole in itself: that shows only",
        "against a head that you exported before and kept elsewhere.",
        "",
        "Example:",
        "  ${ROOT-COMMAND-NAME} cloud audit verify --export-head head.json",
        "  ${ROOT-COMMAND-NAME} cloud audit verify --head head.json",
      })
  void verify(
      @Option(
              names = "--head",
              paramLabel = "FILE",
              description = "A head exported before; the log must still contain it.")
          Optional<String> head,
      @Option(
              names = "--export-head",
              paramLabel = "FILE",
              description = "Write the present head there, if the log is whole.")
          Optional<String> export) {
    Optional<AuditHead> kept = head.map(this::read);
    byte[] body = cli.api().get(PATH + "/verify");
    cli.answer(body, AuditVerification.class, this::printVerdict);
    AuditVerification found = Api.read(body, AuditVerification.class);
    if (!found.ok()) {
      throw Failure.of(
          Exit.FAILURE,
          "the audit log is broken"
              + found.brokenAt().map(seq -> " at row " + seq).orElse("")
              + found.reason().map(why -> ": " + why).orElse(""));
    }
    kept.ifPresent(old -> {
      compare(old, found.head());
      cli.output().note("the log still contains the head of row " + old.seq());
    });
    export.ifPresent(file -> {
      PrivateFiles.write(
          cli.world().workingDirectory().resolve(file), ControlJson.bytes(found.head()));
      cli.output().note("wrote the head of row " + found.head().seq() + " to " + file);
    });
  }

  private void printVerdict(AuditVerification found) {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("ok", Boolean.toString(found.ok()));
    shown.put("rows", Long.toString(found.rows()));
    shown.put("head", found.head().seq() + " " + found.head().hash());
    cli.output().fields(shown);
  }

  private AuditHead read(String file) {
    try {
      return ControlJson.read(cli.input(file), AuditHead.class);
    } catch (ControlFormatException e) {
      throw Failure.of(Exit.USAGE, file + " is not an exported head: " + e.getMessage());
    }
  }

  /** The log must still hold the old head's row, unchanged, below a head of the same signer. */
  private void compare(AuditHead old, AuditHead now) {
    if (!old.key().equals(now.key())) {
      throw Failure.of(
          Exit.FAILURE,
          "the log is signed with another key than the exported head",
          "is the head of this node?");
    }
    if (now.seq() < old.seq()) {
      throw Failure.of(
          Exit.FAILURE,
          "the log was cut: it ends at row %d, and the exported head is of row %d"
              .formatted(now.seq(), old.seq()));
    }
    String hash = now.seq() == old.seq() ? now.hash() : hashOf(old.seq());
    if (!hash.equals(old.hash())) {
      throw Failure.of(
          Exit.FAILURE,
          "row %d is not the one of the exported head: the log was rewritten".formatted(old.seq()),
          "is the head of this namespace?");
    }
  }

  private String hashOf(long seq) {
    Optional<String> cursor = Optional.empty();
    do {
      Query query = new Query().add("limit", Optional.of(100)).add("cursor", cursor);
      AuditPage page = Api.read(cli.api().get(PATH + query), AuditPage.class);
      Optional<AuditRow> row = page.data().stream().filter(r -> r.seq() == seq).findFirst();
      if (row.isPresent()) {
        return row.get().hash();
      }
      cursor = page.nextCursor();
    } while (cursor.isPresent());
    return "";
  }
}
