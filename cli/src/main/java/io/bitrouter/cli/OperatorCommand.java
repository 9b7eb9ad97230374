package io.bitrouter.cli;

import io.bitrouter.wire.control.Keys.EnterNamespace;
import io.bitrouter.wire.control.Keys.MintedKey;
import io.bitrouter.wire.control.Operators.IssueOperator;
import io.bitrouter.wire.control.Operators.IssuedOperator;
import io.bitrouter.wire.control.Operators.OperatorInfo;
import io.bitrouter.wire.control.Operators.OperatorList;
import io.bitrouter.wire.control.Operators.OperatorRevoked;
import io.bitrouter.wire.control.Rfc3339;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Credentials that see more than one namespace, and the way into one. */
@Command(
    name = "operator",
    description = "Issue and revoke operator credentials; enter a namespace, as the operator.",
    addMethodSubcommands = false,
    footer = "operator list")
record OperatorCommand(Cli cli) {
  private static final String PATH = "/v1/node/credentials";

  @Command(
      description = "Issue an operator credential; its secret is shown once.",
      footer = {
        "",
        "Scopes: node:usage:read, node:namespace:read, node:namespace:write,",
        "node:namespace:enter, node:credential:write.",
        "",
        "Example:",
        "  ${ROOT-COMMAND-NAME} operator issue --name finance --scope node:usage:read \\",
        "      --namespaces default,production --expires 90d",
      })
  void issue(
      @Option(names = "--name", required = true, paramLabel = "NAME", description = "A name.")
          String name,
      @Option(
              names = "--scope",
              required = true,
              paramLabel = "SCOPES",
              description = "Scopes separated by spaces; may be repeated.")
          List<String> scopes,
      @Option(
              names = "--namespaces",
              paramLabel = "NAME",
              split = ",",
              description = "The only namespaces it sees, by name or id (default: all).")
          @Nullable List<String> namespaces,
      @Mixin Expiry expiry,
      @Mixin Writing.Creating how) {
    Api operator = cli.operatorApi();
    Optional<List<String>> ids =
        Optional.ofNullable(namespaces)
            .map(all ->
                all.stream().map(one -> NamespaceCommand.find(cli, operator, one).id()).toList());
    IssueOperator wanted =
        new IssueOperator(name, Texts.words(scopes), ids, expiry.end(cli.world().clock()));
    cli.answer(
        operator.write("POST", PATH, how, Optional.of(wanted)),
        IssuedOperator.class,
        this::printIssued);
  }

  private void printIssued(IssuedOperator issued) {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("id", issued.id());
    shown.put("name", issued.name());
    shown.put("scopes", String.join(" ", issued.scopes()));
    shown.put("namespaces", issued.namespaces().map(ids -> String.join(" ", ids)).orElse("all"));
    shown.put("expires", issued.expiresAt().map(Rfc3339::format).orElse("never"));
    KeysCommand.printSecret(cli, shown, issued.token());
  }

  @Command(description = "List operator credentials, revoked ones too.")
  void list() {
    cli.answer(cli.operatorApi().get(PATH), OperatorList.class, this::printList);
  }

  private void printList(OperatorList list) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ID", "NAME", "PREFIX", "STATE", "NAMESPACES", "SCOPES"));
    for (OperatorInfo one : list.data()) {
      rows.add(
          List.of(
              one.id(),
              one.name(),
              one.keyPrefix(),
              KeysCommand.state(cli, one.revokedAt(), one.expiresAt()),
              one.namespaces().map(ids -> String.join(" ", ids)).orElse("all"),
              String.join(" ", one.scopes())));
    }
    cli.output().table(rows);
  }

  @Command(
      description = "Revoke an operator credential and all that it issued.",
      footer = "operator revoke opr_01k0000000000000000000000a")
  void revoke(
      @Parameters(paramLabel = "ID", description = "The credential's id.") String id,
      @Mixin Writing how) {
    String path = PATH + "/" + Query.encode(id);
    cli.answer(
        cli.operatorApi().write("DELETE", path, how, Optional.empty()),
        OperatorRevoked.class,
        revoked -> {
          cli.output().line("revoked: " + revoked.revoked());
          cli.output().line("revoked descendants: " + revoked.revokedDescendants());
        });
  }

  @Command(
      description = "Get a key of a namespace for at most an hour; its audit log says why.",
      footer = "operator enter production --reason 'ticket 4711' --scope usage:read")
  void enter(
      @Parameters(paramLabel = "NAME", description = "The namespace's name or id.") String name,
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "Why; the namespace's audit log keeps it.")
          String reason,
      @Option(
              names = "--scope",
              paramLabel = "SCOPES",
              defaultValue = "namespace:read keys:read policy:read usage:read",
              description = "Scopes separated by spaces (default: ${DEFAULT-VALUE}).")
          List<String> scopes,
      @Option(
              names = "--ttl",
              paramLabel = "SPAN",
              defaultValue = "1h",
              description = "How long the key works, at most 1h (default ${DEFAULT-VALUE}).")
          Duration ttl,
      @Mixin Writing.Creating how) {
    Api operator = cli.operatorApi();
    String path = NamespaceCommand.path(NamespaceCommand.find(cli, operator, name)) + "/enter";
    EnterNamespace wanted = new EnterNamespace(reason, Texts.words(scopes), ttl.toSeconds());
    cli.answer(
        operator.write("POST", path, how, Optional.of(wanted)),
        MintedKey.class,
        key -> KeysCommand.printMinted(cli, key));
  }
}
