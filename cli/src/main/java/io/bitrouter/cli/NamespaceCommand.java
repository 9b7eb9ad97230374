package io.bitrouter.cli;

import io.bitrouter.wire.control.CredentialInfo;
import io.bitrouter.wire.control.NamespaceDeleted;
import io.bitrouter.wire.control.NamespaceDraft;
import io.bitrouter.wire.control.NamespaceInfo;
import io.bitrouter.wire.control.NamespaceList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
          String name) {
    cli.answer(
        cli.operatorApi().send("POST", NODE_NAMESPACES, new NamespaceDraft(name)),
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
    NamespaceInfo wanted = find(operator, name);
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
      @Parameters(paramLabel = "NEW-NAME", description = "The new name.") String newName) {
    Api operator = cli.operatorApi();
    String id = find(operator, name).id();
    byte[] body = operator.send("PATCH", NODE_NAMESPACES + "/" + id, new NamespaceDraft(newName));
    cli.credentials().hostFile().ifPresent(file -> file.renaming(id, newName).save());
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
      @Option(names = "--yes", description = "Do not ask.") boolean yes) {
    if (confirmed.isPresent() && !confirmed.get().equals(name)) {
      throw Failure.of(
          Exit.USAGE, "--confirm " + confirmed.get() + " is not the namespace to delete, " + name);
    }
    if (!yes && confirmed.isEmpty()) {
      cli.confirm(
          "Delete namespace "
              + name
              + "? Its keys stop working at once; its usage stays readable to the operator.",
          "add --confirm " + name);
    }
    Api operator = cli.operatorApi();
    NamespaceInfo doomed = find(operator, name);
    byte[] body = operator.delete(NODE_NAMESPACES + "/" + doomed.id());
    Optional<CredentialFile> file = cli.credentials().hostFile();
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

  private NamespaceInfo find(Api operator, String nameOrId) {
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
