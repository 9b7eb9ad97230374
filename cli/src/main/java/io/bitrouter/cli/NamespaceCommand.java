package io.bitrouter.cli;

import io.bitrouter.wire.control.Keys.CredentialInfo;
import io.bitrouter.wire.control.Namespaces.NamespaceDeleted;
import io.bitrouter.wire.control.Namespaces.NamespaceDraft;
import io.bitrouter.wire.control.Namespaces.NamespaceInfo;
import io.bitrouter.wire.control.Namespaces.NamespaceList;
import io.bitrouter.wire.control.Namespaces.NamespaceSuspended;
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

/**
 * Namespaces. A key is baked to one of them for life, so looking at one's own needs only a key;
 * making, renaming, deleting and changing to another needs the operator's credential.
 */
@Command(
    name = "namespace",
    description = "Show, make and change namespaces.",
    addMethodSubcommands = false,
    footer = "cloud namespace list")
record NamespaceCommand(Cli cli) {
  private static final String NODE_NAMESPACES = "/v1/node/namespaces";

  @Command(description = "Show the namespace of the credential in use; needs no network.")
  void current() {
    CredentialInfo info = new Identity(cli).info();
    print(info.namespaceId(), info.namespaceName());
  }

  private void print(Optional<String> id, Optional<String> name) {
    if (cli.output().json()) {
      Map<String, @Nullable Object> shown = new LinkedHashMap<>();
      shown.put("namespace_id", id.orElse(null));
      shown.put("namespace_name", name.orElse(null));
      cli.output().object(shown);
    } else {
      cli.output().line(id.orElse("none") + "  " + name.orElse(""));
    }
  }

  private void print(NamespaceInfo namespace) {
    cli.output().line(namespace.id() + "  " + namespace.name());
  }

  @Command(description = "List namespaces, oldest first: all for the operator, its own for a key.")
  void list() {
    byte[] body =
        cli.credentials()
            .operator()
            .map(operator -> operator.get(NODE_NAMESPACES))
            .orElseGet(() -> cli.api().get("/v1/namespaces"));
    cli.answer(body, NamespaceList.class, this::printList);
  }

  private void printList(NamespaceList list) {
    Optional<String> active =
        cli.credentials()
            .find()
            .flatMap(inUse ->
                inUse.credential().namespaceId().or(() -> new Identity(cli).info().namespaceId()));
    List<List<String>> rows = new ArrayList<>();
    for (NamespaceInfo namespace : list.data()) {
      boolean bound = active.equals(Optional.of(namespace.id()));
      rows.add(List.of(namespace.id(), namespace.name(), bound ? "(active)" : ""));
    }
    cli.output().table(rows);
  }

  @Command(
      description = "Make a namespace, as the operator.",
      footer = "cloud namespace create staging")
  void create(
      @Parameters(
              paramLabel = "NAME",
              description = "Lowercase letters, digits and hyphens, at most 63.")
          String name,
      @Mixin Writing.Creating how) {
    Optional<NamespaceDraft> draft = Optional.of(new NamespaceDraft(name));
    cli.answer(
        cli.operatorApi().write("POST", NODE_NAMESPACES, how, draft),
        NamespaceInfo.class,
        this::print);
  }

  @Command(
      description = "Make another namespace the active one on the node's host.",
      footer = "cloud namespace use staging")
  void use(
      @Parameters(paramLabel = "NAME", description = "The namespace's name or id.") String name) {
    Credentials credentials = cli.credentials();
    if (credentials.find().filter(inUse -> inUse.file().isEmpty()).isPresent()) {
      throw Failure.of(
          Exit.USAGE,
          "BITROUTER_API_KEY decides which namespace is active",
          "unset BITROUTER_URL and BITROUTER_API_KEY to use this host's own credentials");
    }
    CredentialFile file = credentials.hostFileOrEmpty();
    Api operator = cli.operatorApi();
    NamespaceInfo wanted = find(cli, operator, name);
    Credential next =
        file.of(wanted.id())
            .flatMap(kept -> credentials.check(kept, operator.baseUrl()))
            .orElseGet(() -> {
              cli.output().note("minting a key for namespace " + wanted.name());
              return credentials.mint(operator, wanted);
            });
    file.activating(next).save();
    print(next.namespaceId(), next.text("namespace_name"));
  }

  @Command(
      description = "Give a namespace another name, as the operator; its id stays.",
      footer = "cloud namespace rename staging canary")
  void rename(
      @Parameters(paramLabel = "NAME", description = "The namespace's name or id.") String name,
      @Parameters(paramLabel = "NEW-NAME", description = "The new name.") String newName,
      @Mixin Writing how) {
    Api operator = cli.operatorApi();
    NamespaceInfo old = find(cli, operator, name);
    NamespaceDraft draft = new NamespaceDraft(newName);
    byte[] body = operator.write("PATCH", path(old), how, Optional.of(draft));
    if (!how.dryRun) {
      cli.credentials().hostFile().ifPresent(file -> file.renaming(old.id(), newName).save());
    }
    cli.answer(body, NamespaceInfo.class, this::print);
  }

  @Command(
      description = "Delete a namespace with its keys, as the operator.",
      footer = "cloud namespace delete staging --confirm staging")
  void delete(
      @Parameters(paramLabel = "NAME", description = "The namespace's name or id.") String name,
      @Option(
              names = "--confirm",
              paramLabel = "NAME",
              description = "The name again, instead of answering a question.")
          Optional<String> confirmed,
      @Option(names = "--yes", description = "Do not ask.") boolean yes,
      @Mixin Writing how) {
    if (confirmed.isPresent() && !confirmed.get().equals(name)) {
      throw Failure.of(
          Exit.USAGE, "--confirm " + confirmed.get() + " is not the namespace to delete, " + name);
    }
    if (!yes && !how.dryRun && confirmed.isEmpty()) {
      cli.confirm(
          "Delete namespace "
              + name
              + "? Its keys stop working at once; its usage stays readable to the operator.",
          "add --confirm " + name);
    }
    Api operator = cli.operatorApi();
    NamespaceInfo doomed = find(cli, operator, name);
    byte[] body = operator.write("DELETE", path(doomed), how, Optional.empty());
    Optional<CredentialFile> file = how.dryRun ? Optional.empty() : cli.credentials().hostFile();
    file.ifPresent(kept -> kept.without(doomed.id()).save());
    cli.answer(
        body,
        NamespaceDeleted.class,
        deleted -> {
          cli.output().line("deleted: " + deleted.deleted());
          cli.output().line("revoked keys: " + deleted.revokedKeys());
        });
    if (file.filter(kept -> kept.active().equals(doomed.id())).isPresent()) {
      String use = cli.command("cloud namespace use NAME");
      cli.output().note("it was the active namespace: choose another with '" + use + "'");
    }
  }

  @Command(
      description = "Stop the inference of a namespace, as the operator, until resumed.",
      footer = "cloud namespace suspend staging")
  void suspend(
      @Parameters(paramLabel = "NAME", description = "The namespace's name or id.") String name,
      @Mixin Writing how) {
    turn(name, "suspend", how);
  }

  @Command(
      description = "Let a suspended namespace run inference again, as the operator.",
      footer = "cloud namespace resume staging")
  void resume(
      @Parameters(paramLabel = "NAME", description = "The namespace's name or id.") String name,
      @Mixin Writing how) {
    turn(name, "resume", how);
  }

  private void turn(String name, String verb, Writing how) {
    Api operator = cli.operatorApi();
    String path = path(find(cli, operator, name)) + "/" + verb;
    cli.answer(
        operator.write("POST", path, how, Optional.empty()),
        NamespaceSuspended.class,
        state -> cli.output().line("suspended: " + state.suspended()));
  }

  /** Where the operator's interface has it. */
  static String path(NamespaceInfo namespace) {
    return NODE_NAMESPACES + "/" + namespace.id();
  }

  /** The namespace of that name or id, as the operator sees it. */
  static NamespaceInfo find(Cli cli, Api operator, String nameOrId) {
    return Api.read(operator.get(NODE_NAMESPACES), NamespaceList.class).data().stream()
        .filter(n -> n.name().equals(nameOrId) || n.id().equals(nameOrId))
        .findFirst()
        .orElseThrow(() ->
            Failure.of(
                Exit.NOT_FOUND,
                "there is no namespace " + nameOrId,
                "'" + cli.command("cloud namespace list") + "' shows all of them"));
  }
}
