package io.bitrouter.cli;

import io.bitrouter.wire.control.Keys.CredentialInfo;
import io.bitrouter.wire.control.Namespaces.NamespaceSettings;
import io.bitrouter.wire.control.NodeFile;
import io.bitrouter.wire.control.Rfc3339;
import io.bitrouter.wire.control.Usage.RequestPage;
import io.bitrouter.wire.control.Usage.UsageGroup;
import io.bitrouter.wire.control.Usage.UsageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** What one does with a key: in its own namespace, on this host's node or another. */
@Command(
    name = "cloud",
    description = "Work in your namespace: keys, policies, usage; sign in to another node.",
    addMethodSubcommands = false,
    footer = "cloud whoami")
record CloudCommand(Cli cli) {
  private static final String DEFAULT_URL = "http://127.0.0.1:4356";

  @Command(
      aliases = "status",
      description = "Show the key in use, its namespace and scopes; needs no network.",
      footer = "cloud whoami --json")
  void whoami() {
    Identity.print(cli);
  }

  enum Grouping {
    model,
    provider,
    key,
    root_key,
    day,
    hour
  }

  @Command(
      description = "Show spend, tokens and requests of your namespace.",
      footer = {
        "",
        "Example:",
        "  ${ROOT-COMMAND-NAME} cloud usage --from 2026-05-01T00:00:00Z --to 2026-06-01T00:00:00Z",
        "  ${ROOT-COMMAND-NAME} cloud usage --group-by day --tz Europe/Berlin",
      })
  void usage(
      @Mixin Period period,
      @Option(
              names = "--group-by",
              paramLabel = "WHAT",
              description = "Tell apart by ${COMPLETION-CANDIDATES}.")
          Optional<Grouping> groupBy,
      @Option(
              names = "--tz",
              paramLabel = "ZONE",
              description = "Time zone of days and hours, such as Europe/Berlin (default UTC).")
          Optional<String> zone,
      @Mixin RowFilter filter) {
    Query query = period.addTo(new Query()).add("group_by", groupBy).add("tz", zone);
    String path = "/v1/namespaces/me/usage" + filter.addTo(query);
    cli.answer(cli.api().get(path), UsageReport.class, this::printUsage);
  }

  private void printUsage(UsageReport report) {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("from", Rfc3339.format(report.from()));
    shown.put("to", Rfc3339.format(report.to()));
    shown.put("spend", Texts.money(report.spendMicroUsd()));
    shown.put("prompt tokens", Long.toString(report.promptTokens()));
    shown.put("completion tokens", Long.toString(report.completionTokens()));
    shown.put("requests", Long.toString(report.requestCount()));
    shown.put("denied", Long.toString(report.deniedCount()));
    cli.output().fields(shown);
    report.groups().ifPresent(this::printGroups);
  }

  private void printGroups(List<UsageGroup> groups) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("GROUP", "SPEND", "REQUESTS", "DENIED", "PROMPT", "COMPLETION"));
    for (UsageGroup group : groups) {
      rows.add(
          List.of(
              group.group().isEmpty() ? "(none)" : group.group(),
              Texts.money(group.spendMicroUsd()),
              Long.toString(group.requestCount()),
              Long.toString(group.deniedCount()),
              Long.toString(group.promptTokens()),
              Long.toString(group.completionTokens())));
    }
    cli.output().line("");
    cli.output().table(rows);
  }

  /** What {@code requests} can be narrowed to besides. */
  static final class RequestFilter {
    @Option(
        names = "--status",
        paramLabel = "STATUS",
        description = "Only these: pending, streaming, succeeded, failed, denied, cancelled.")
    Optional<String> status = Optional.empty();

    @Option(
        names = "--code",
        paramLabel = "CODE",
        description = "Only refused for this, such as budget_exceeded.")
    Optional<String> code = Optional.empty();

    @Option(
        names = "--charge-state",
        paramLabel = "STATE",
        description = "Only these: computed, estimated, indeterminate, not_charged.")
    Optional<String> chargeState = Optional.empty();

    @Option(
        names = "--client-request-id",
        paramLabel = "ID",
        description = "Only with this x-request-id of the client's own.")
    Optional<String> clientRequestId = Optional.empty();

    private Query addTo(Query query) {
      return query
          .add("status", status)
          .add("code", code)
          .add("charge_state", chargeState)
          .add("client_request_id", clientRequestId);
    }
  }

  @Command(
      description = "List the requests of your namespace, newest first.",
      footer = {
        "",
        "Example:",
        "  ${ROOT-COMMAND-NAME} cloud requests --limit 25 --offset 25",
        "  ${ROOT-COMMAND-NAME} cloud requests --status denied --code budget_exceeded",
      })
  void requests(
      @Mixin Page page,
      @Option(names = "--offset", paramLabel = "N", description = "How many newer ones to skip.")
          Optional<Long> offset,
      @Mixin Period period,
      @Mixin RowFilter filter,
      @Mixin RequestFilter more) {
    if (offset.filter(n -> n < 0).isPresent()) {
      throw Failure.of(Exit.USAGE, "--offset must be at least 0");
    }
    Query query = page.addTo(new Query()).add("offset", offset);
    String path = "/v1/namespaces/me/requests" + more.addTo(filter.addTo(period.addTo(query)));
    cli.answer(
        cli.api().get(path),
        RequestPage.class,
        found -> {
          RequestRows.print(cli, found.data(), found.nextCursor());
          cli.output().note("limit=%d offset=%d".formatted(found.limit(), found.offset()));
        });
  }

  enum Switch {
    on,
    off
  }

  @Command(
      description = "Show or change what your namespace has decided for itself.",
      footer = "cloud settings --store-responses on")
  void settings(
      @Option(
              names = "--store-responses",
              paramLabel = "on|off",
              description =
                  "Store answers of /v1/responses, sealed, for 30 days; off also deletes them.")
          Optional<Switch> storeResponses,
      @Mixin Writing how) {
    String path = "/v1/namespaces/me/settings";
    byte[] body =
        storeResponses
            .map(to -> new NamespaceSettings(to == Switch.on))
            .map(wanted -> cli.api().write("PUT", path, how, Optional.of(wanted)))
            .orElseGet(() -> cli.api().get(path));
    cli.answer(
        body,
        NamespaceSettings.class,
        settings ->
            cli.output()
                .fields(Map.of("store responses", settings.storeResponses() ? "on" : "off")));
  }

  /** A key comes from a file or, less well, from the command line. */
  static final class KeySource {
    @Option(
        names = "--api-key-file",
        paramLabel = "FILE",
        description = "File with the key on one line; - for standard input.")
    @Nullable String file;

    @Option(
        names = "--api-key",
        paramLabel = "KEY",
        description = "The key itself; other users of this machine can see it while this runs.")
    @Nullable String key;

    private String read(Cli cli) {
      if (key == null) {
        return cli.inputText(String.valueOf(file));
      }
      cli.output()
          .note("other users can see --api-key in the process list; --api-key-file is safer");
      return key.strip();
    }
  }

  @Command(
      description = "Keep a key of a node for the commands that follow.",
      footer = "cloud login --api-key-file key.txt --url https://node.example.org")
  void login(
      @ArgGroup(exclusive = true, multiplicity = "1") KeySource source,
      @Option(
              names = {"--url", "--oauth-as"},
              paramLabel = "URL",
              description = "The node (default: this host's).")
          Optional<String> url) {
    String token = source.read(cli);
    if (!token.matches("brk_[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+")) {
      throw Failure.of(Exit.USAGE, "this is not an API key: one looks like brk_<id>.<secret>");
    }
    String base =
        url.map(BaseUrl::of)
            .or(() -> cli.node().running().map(NodeFile::endpoint))
            .orElse(DEFAULT_URL);
    Path file = cli.credentials().loginFile();
    CredentialFile.load(file)
        .flatMap(CredentialFile::current)
        .filter(old -> !old.baseUrl().equals(base))
        .ifPresent(old -> {
          throw Failure.of(
              Exit.CONFLICT,
              "you are signed in to " + old.baseUrl(),
              "run '" + cli.command("cloud logout") + "' first");
        });
    CredentialInfo info = cli.api(base, token).whoAmI();
    Credential credential = Credential.of(token, base, info);
    CredentialFile.empty(file).activating(credential).save();
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("signed_in", true);
    shown.put("authentication", CredentialInfo.API_KEY);
    shown.put("base_url", base);
    shown.put("namespace", info.namespaceId().orElse(null));
    shown.put("scope", String.join(" ", info.scopes()));
    shown.put("credentials_path", file.toString());
    cli.result(shown, "signed in to " + base + " as " + Identity.describe(info));
    cli.credentials()
        .find()
        .filter(inUse -> !inUse.isFrom(file))
        .map(inUse -> inUse.file().map(Path::toString).orElse("BITROUTER_API_KEY"))
        .ifPresent(
            other -> cli.output().note(other + " goes before this sign-in and stays in use"));
  }

  @Command(description = "Forget the key that login kept; the key itself stays valid.")
  void logout() {
    Path file = cli.credentials().loginFile();
    try {
      boolean was = Files.deleteIfExists(file);
      cli.result(Map.of("signed_out", true), was ? "signed out" : "you were not signed in");
    } catch (IOException e) {
      throw Failure.of(Exit.FAILURE, "cannot delete " + file + ": " + PrivateFiles.reason(e));
    }
  }

  @Command(
      description = "Send any request to the node with the credential in use.",
      footer = {
        "",
        "The body of the answer goes to standard output as it arrives, whatever its status.",
        "",
        "Example:",
        "  ${ROOT-COMMAND-NAME} cloud api /v1/namespaces/me/usage",
        "  ${ROOT-COMMAND-NAME} cloud api -X POST --input chat.json /v1/chat/completions",
      })
  void api(
      @Mixin ApiRequest request,
      @Parameters(paramLabel = "PATH", description = "Path at the node, such as /v1/models.")
          String path) {
    request.run(cli, path);
  }
}
