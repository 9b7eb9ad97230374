package io.bitrouter.cli;

import io.bitrouter.wire.control.ApiKeyInfo;
import io.bitrouter.wire.control.ApiKeyList;
import io.bitrouter.wire.control.KeyRevoked;
import io.bitrouter.wire.control.MintKey;
import io.bitrouter.wire.control.MintedKey;
import io.bitrouter.wire.control.Rfc3339;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keys of the namespace that the credential in use is baked to. */
@Command(
    name = "keys",
    description = "Mint, list and revoke keys of your namespace.",
    addMethodSubcommands = false,
    footer = "cloud keys list")
record KeysCommand(Cli cli) {
  private static final String KEYS = "/v1/namespaces/me/keys";

  @Command(
      description = "Make a key with some of your own scopes; its secret is shown once.",
      footer = {
        "",
        "Example:",
        "  ${ROOT-COMMAND-NAME} cloud keys mint --name my-agent \\",
        "      --scope \"inference:invoke usage:read\" --expires 30d",
      })
  void mint(
      @Option(
              names = "--name",
              required = true,
              paramLabel = "NAME",
              description = "A name to recognise it by.")
          String name,
      @Option(
              names = "--scope",
              required = true,
              paramLabel = "SCOPES",
              description = "Scopes separated by spaces; may be repeated.")
          List<String> scopes,
      @Option(
              names = "--expires-at",
              paramLabel = "TIME",
              description = "When it stops working, RFC 3339 (default: when your own does).")
          Optional<Instant> expiresAt,
      @Option(
              names = "--expires",
              paramLabel = "SPAN",
              description = "After how long it stops working, such as 90m, 12h, 30d, 4w.")
          Optional<Duration> expires) {
    if (expiresAt.isPresent() && expires.isPresent()) {
      throw Failure.of(Exit.USAGE, "give --expires or --expires-at, not both");
    }
    Optional<Instant> end =
        expiresAt.or(() -> expires.map(span -> cli.world().clock().instant().plus(span)));
    List<String> wanted =
        scopes.stream()
            .flatMap(words -> Arrays.stream(words.split("\\s+")))
            .filter(word -> !word.isEmpty())
            .distinct()
            .toList();
    cli.answer(
        cli.api().send("POST", KEYS, new MintKey(name, wanted, end)),
        MintedKey.class,
        this::printMinted);
  }

  private void printMinted(MintedKey key) {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("id", key.id());
    shown.put("name", key.displayName());
    shown.put("prefix", key.keyPrefix());
    shown.put("scopes", String.join(" ", key.scopes()));
    shown.put("expires", key.expiresAt().map(Rfc3339::format).orElse("never"));
    shown.put("token", key.token());
    cli.output().fields(shown);
    cli.output().note("save the token now: it is not shown again");
  }

  @Command(description = "List the keys of your namespace, revoked ones too.")
  void list() {
    cli.answer(cli.api().get(KEYS), ApiKeyList.class, this::printList);
  }

  private void printList(ApiKeyList keys) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ID", "NAME", "PREFIX", "STATE", "LAST USED", "SCOPES"));
    for (ApiKeyInfo key : keys.data()) {
      rows.add(
          List.of(
              key.id(),
              key.displayName(),
              key.keyPrefix(),
              state(key),
              key.lastUsedAt().map(Rfc3339::format).orElse("never"),
              String.join(" ", key.scopes())));
    }
    cli.output().table(rows);
  }

  @Command(
      description = "Show one key of your namespace.",
      footer = "cloud keys show key_01k0000000000000000000000a")
  void show(@Parameters(paramLabel = "ID", description = "The key's id.") String id) {
    cli.answer(cli.api().get(KEYS + "/" + Query.encode(id)), ApiKeyInfo.class, this::printKey);
  }

  private void printKey(ApiKeyInfo key) {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("id", key.id());
    shown.put("name", key.displayName());
    shown.put("prefix", key.keyPrefix());
    shown.put("scopes", String.join(" ", key.scopes()));
    shown.put("state", state(key));
    shown.put("minted by", key.parentId().orElse("an operator"));
    shown.put("root", key.rootId());
    shown.put("created", Rfc3339.format(key.createdAt()));
    shown.put("last used", key.lastUsedAt().map(Rfc3339::format).orElse("never"));
    shown.put("expires", key.expiresAt().map(Rfc3339::format).orElse("never"));
    cli.output().fields(shown);
  }

  @Command(
      description = "Revoke a key, and with it every key that was minted from it.",
      footer = "cloud keys revoke key_01k0000000000000000000000a")
  void revoke(
      @Parameters(paramLabel = "ID", description = "The key's id.") String id,
      @Option(names = "--no-cascade", description = "Leave the keys minted from it alone.")
          boolean only) {
    Query query = new Query().add("cascade", only ? Optional.of(false) : Optional.empty());
    cli.answer(
        cli.api().delete(KEYS + "/" + Query.encode(id) + query),
        KeyRevoked.class,
        revoked -> {
          cli.output().line("revoked: " + revoked.revoked());
          cli.output().line("revoked descendants: " + revoked.revokedDescendants());
        });
  }

  @Command(description = "Show which key was minted from which.")
  void tree() {
    cli.answer(cli.api().get(KEYS), ApiKeyList.class, this::printTree);
  }

  private void printTree(ApiKeyList list) {
    Set<String> known = new HashSet<>();
    list.data().forEach(key -> known.add(key.id()));
    Map<String, List<ApiKeyInfo>> children =
        list.data().stream()
            .sorted(Comparator.comparing(ApiKeyInfo::createdAt).thenComparing(ApiKeyInfo::id))
            .collect(
                Collectors.groupingBy(key -> key.parentId().filter(known::contains).orElse("")));
    List<List<String>> rows = new ArrayList<>();
    branch(children, "", "", rows);
    cli.output().table(rows);
  }

  private void branch(
      Map<String, List<ApiKeyInfo>> children,
      String parent,
      String indent,
      List<List<String>> rows) {
    for (ApiKeyInfo key : children.getOrDefault(parent, List.of())) {
      rows.add(List.of(indent + key.displayName(), key.id(), state(key)));
      branch(children, key.id(), indent + "  ", rows);
    }
  }

  private String state(ApiKeyInfo key) {
    Instant now = cli.world().clock().instant();
    if (key.revokedAt().isPresent()) {
      return "revoked";
    }
    return key.expiresAt()
        .map(end -> end.isAfter(now) ? "expires " + Rfc3339.format(end) : "expired")
        .orElse("live");
  }
}
