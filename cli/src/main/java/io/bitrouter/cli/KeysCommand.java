package io.bitrouter.cli;

import io.bitrouter.wire.control.Keys.ApiKeyInfo;
import io.bitrouter.wire.control.Keys.ApiKeyList;
import io.bitrouter.wire.control.Keys.BlastRadius;
import io.bitrouter.wire.control.Keys.KeyRevoked;
import io.bitrouter.wire.control.Keys.MintKey;
import io.bitrouter.wire.control.Keys.MintedKey;
import io.bitrouter.wire.control.Keys.RotateKey;
import io.bitrouter.wire.control.Rfc3339;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Keys of the namespace that the credential in use is baked to. */
@Command(
    name = "keys",
    description = "Mint, list, rotate and revoke keys of your namespace.",
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
      @Mixin Expiry expiry,
      @Mixin Writing.Creating how) {
    MintKey wanted = new MintKey(name, Texts.words(scopes), expiry.end(cli.world().clock()));
    cli.answer(
        cli.api().write("POST", KEYS, how, Optional.of(wanted)),
        MintedKey.class,
        key -> printMinted(cli, key));
  }

  /** Shows a key that was just made, the only time that its secret is seen. */
  static void printMinted(Cli cli, MintedKey key) {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("id", key.id());
    shown.put("name", key.displayName());
    shown.put("prefix", key.keyPrefix());
    shown.put("scopes", String.join(" ", key.scopes()));
    shown.put("expires", key.expiresAt().map(Rfc3339::format).orElse("never"));
    printSecret(cli, shown, key.token());
  }

  /** Shows what was made and its token; a dry run made none. */
  static void printSecret(Cli cli, Map<String, String> shown, String token) {
    if (!token.isEmpty()) {
      shown.put("token", token);
    }
    cli.output().fields(shown);
    if (!token.isEmpty()) {
      cli.output().note("save the token now: it is not shown again");
    }
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
    cli.answer(cli.api().get(path(id)), ApiKeyInfo.class, this::printKey);
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
          boolean only,
      @Mixin Writing how) {
    Query query = new Query().add("cascade", only ? Optional.of(false) : Optional.empty());
    cli.answer(
        cli.api().write("DELETE", path(id) + query, how, Optional.empty()),
        KeyRevoked.class,
        revoked -> {
          cli.output().line("revoked: " + revoked.revoked());
          cli.output().line("revoked descendants: " + revoked.revokedDescendants());
        });
  }

  private static String path(String id) {
    return KEYS + "/" + Query.encode(id);
  }

  @Command(
      description = "Give a key a new secret; the old one works on for a while.",
      footer = "cloud keys rotate key_01k0000000000000000000000a --overlap 1h")
  void rotate(
      @Parameters(paramLabel = "ID", description = "The key's id; your own or one below it.")
          String id,
      @Option(
              names = "--overlap",
              paramLabel = "SPAN",
              description =
                  "How long the old secret works on, at most 30d; 0 ends it at once"
                      + " (default: the node's, 1h).")
          Optional<Overlap> overlap,
      @Mixin Writing.Creating how) {
    Optional<RotateKey> wanted =
        Optional.of(new RotateKey(overlap.map(span -> span.time().toSeconds())));
    cli.answer(
        cli.api().write("POST", path(id) + "/rotate", how, wanted),
        MintedKey.class,
        key -> printMinted(cli, key));
  }

  /** A span that may be none at all. */
  record Overlap(Duration time) {
    static Overlap of(String text) {
      return new Overlap(text.equals("0") ? Duration.ZERO : Texts.span(text));
    }
  }

  @Command(
      name = "blast-radius",
      description = "Show what whoever holds a key can reach and spend, and what it has done.",
      footer = "cloud keys blast-radius key_01k0000000000000000000000a --since 24h --quarantine")
  void blastRadius(
      @Parameters(paramLabel = "ID", description = "The key's id.") String id,
      @Option(
              names = "--since",
              paramLabel = "TIME",
              description =
                  "Count what it did since then, RFC 3339 or a span such as 24h"
                      + " (default: the node's).")
          Optional<String> since,
      @Option(
              names = "--quarantine",
              description = "Also revoke the key and every key that was minted from it.")
          boolean quarantine) {
    Query query = new Query().add("since", since.map(this::moment).map(Rfc3339::format));
    try {
      byte[] body = cli.api().get(path(id) + "/blast-radius" + query);
      cli.answer(body, BlastRadius.class, this::printRadius);
    } finally {
      // Also when the first could not be told: what leaks must be stopped.
      if (quarantine) {
        byte[] body = cli.api().write("DELETE", path(id), new Writing(), Optional.empty());
        KeyRevoked revoked = Api.read(body, KeyRevoked.class);
        cli.output()
            .note(
                "quarantined: the key and %d minted from it are revoked"
                    .formatted(revoked.revokedDescendants()));
      }
    }
  }

  private Instant moment(String text) {
    try {
      return Rfc3339.parse(text);
    } catch (IllegalArgumentException e) {
      try {
        return cli.world().clock().instant().minus(Texts.span(text));
      } catch (TypeConversionException no) {
        throw Failure.of(
            Exit.USAGE, "--since " + text + " is neither an RFC 3339 time nor a span such as 24h");
      }
    }
  }

  private void printRadius(BlastRadius found) {
    ApiKeyInfo key = found.key();
    long live =
        found.descendants().stream().filter(one -> !state(one).matches("revoked|expired")).count();
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("key", "%s (%s)".formatted(key.displayName(), key.id()));
    shown.put("state", state(key));
    shown.put("scopes", String.join(" ", key.scopes()));
    shown.put("descendants", "%d, %d of them live".formatted(found.descendants().size(), live));
    shown.put("models", String.join(" ", found.models()));
    shown.put("providers", String.join(" ", found.providers()));
    shown.put(
        "can still spend",
        found.worstRemainingMicroUsd().map(Texts::money).orElse("without end: no budget applies"));
    shown.put("since", Rfc3339.format(found.since()));
    shown.put("spent", Texts.money(found.usage().spendMicroUsd()));
    shown.put("requests", Long.toString(found.usage().requestCount()));
    shown.put("denied", Long.toString(found.usage().deniedCount()));
    cli.output().fields(shown);
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
    return state(cli, key.revokedAt(), key.expiresAt());
  }

  /** Whether a credential works, in a word or two. */
  static String state(Cli cli, Optional<Instant> revokedAt, Optional<Instant> expiresAt) {
    Instant now = cli.world().clock().instant();
    if (revokedAt.isPresent()) {
      return "revoked";
    }
    return expiresAt
        .map(end -> end.isAfter(now) ? "expires " + Rfc3339.format(end) : "expired")
        .orElse("live");
  }
}
