package io.bitrouter.cli;

import io.bitrouter.wire.control.RawJson;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes policies: from a spec, or by one of its commands from options. */
@Command(
    name = "create",
    description = "Make a policy from a spec, or from options by one of the commands below.",
    addMethodSubcommands = false,
    footer = {
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} cloud policy create --name cap --kind budget --spec spec.json",
      "  ${ROOT-COMMAND-NAME} cloud policy create guardrail --help",
    })
final class PolicyCreateCommand implements Runnable {
  private final Cli cli;

  @Option(names = "--name", paramLabel = "NAME", description = "A name; required.")
  @Nullable String name;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = PolicyCommand.Kind.WORDS + "; required.")
  PolicyCommand.@Nullable Kind kind;

  @Option(
      names = "--spec",
      paramLabel = "FILE",
      description = "File with the spec as JSON, - for standard input; required.")
  @Nullable String spec;

  @Mixin Principals.Binding binding = new Principals.Binding();

  @Mixin Writing.Creating how = new Writing.Creating();

  PolicyCreateCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public void run() {
    if (name == null || kind == null || spec == null) {
      throw Failure.of(
          Exit.USAGE,
          "--name, --kind and --spec are required",
          "'" + cli.command("cloud policy create guardrail --help") + "' makes one from options");
    }
    PolicyCommand.post(cli, name, kind.wire(), PolicyCommand.spec(cli, spec), binding.bind, how);
  }

  enum Byok {
    required,
    forbidden,
    optional
  }

  /** The clauses of a guardrail; one that is not given constrains nothing. */
  static final class Clauses {
    @Option(
        names = "--allow-model",
        paramLabel = "MODEL",
        split = ",",
        description = "Only these models; may be repeated. openai/* means all of a provider.")
    @Nullable List<String> allowModels;

    @Option(
        names = "--deny-model",
        paramLabel = "MODEL",
        split = ",",
        description = "Not these models, also when they are allowed; may be repeated.")
    @Nullable List<String> denyModels;

    @Option(
        names = "--max-output",
        paramLabel = "N",
        description = "Most output tokens a request may ask for; one that asks for none gets N.")
    @Nullable Long maxOutput;

    @Option(names = "--max-input", paramLabel = "N", description = "Most input tokens.")
    @Nullable Long maxInput;

    @Option(names = "--no-streaming", description = "No streamed answers.")
    boolean noStreaming;

    @Option(
        names = "--allow-tool",
        paramLabel = "TOOL",
        split = ",",
        description = "Only these tools may be offered to a model.")
    @Nullable List<String> allowTools;

    @Option(
        names = "--deny-tool",
        paramLabel = "TOOL",
        split = ",",
        description = "These tools may not.")
    @Nullable List<String> denyTools;

    @Option(
        names = "--allow-modality",
        paramLabel = "KIND",
        split = ",",
        description = "Only these kinds of input: text, image, audio, file.")
    @Nullable List<String> allowModalities;

    @Option(
        names = "--allow-provider",
        paramLabel = "PROVIDER",
        split = ",",
        description = "Only these providers.")
    @Nullable List<String> allowProviders;

    @Option(
        names = "--deny-provider",
        paramLabel = "PROVIDER",
        split = ",",
        description = "Not these providers.")
    @Nullable List<String> denyProviders;

    @Option(
        names = "--byok",
        paramLabel = "WORD",
        description = "The namespace's own provider keys: ${COMPLETION-CANDIDATES}.")
    @Nullable Byok byok;

    private RawJson spec() {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      members.put("model_allow", allowModels);
      members.put("model_deny", denyModels);
      members.put("max_request_tokens", maxOutput);
      members.put("allow_streaming", noStreaming ? Boolean.FALSE : null);
      members.put("byok", byok);
      members.put("max_input_tokens", maxInput);
      members.put("tools_allow", allowTools);
      members.put("tools_deny", denyTools);
      members.put("modalities_allow", allowModalities);
      members.put("providers_allow", allowProviders);
      members.put("providers_deny", denyProviders);
      return PolicyCommand.specOf(members);
    }
  }

  @Command(
      description = "Make a guardrail: which models, tools, providers and sizes may be asked for.",
      footer = {
        "",
        "Example:",
        "  ${ROOT-COMMAND-NAME} cloud policy create guardrail --name small-only \\",
        "      --allow-model sim/echo --max-output 1024 --bind namespace",
      })
  void guardrail(
      @Option(names = "--name", required = true, paramLabel = "NAME", description = "A name.")
          String name,
      @Mixin Clauses clauses,
      @Mixin Principals.Binding binding,
      @Mixin Writing.Creating how) {
    RawJson spec = clauses.spec();
    if (spec.text().equals("{}")) {
      throw Failure.of(Exit.USAGE, "a guardrail without any clause constrains nothing");
    }
    PolicyCommand.post(cli, name, "guardrail", spec, binding.bind, how);
  }

  enum Count {
    declared,
    actual
  }

  /** The clauses of a rate limit. */
  static final class Rates {
    @Option(names = "--requests", paramLabel = "N", description = "Most requests per span.")
    @Nullable Long requests;

    @Option(names = "--tokens", paramLabel = "N", description = "Most tokens per span.")
    @Nullable Long tokens;

    @Option(names = "--concurrent", paramLabel = "N", description = "Most requests at one time.")
    @Nullable Long concurrent;

    @Option(
        names = "--per",
        paramLabel = "SPAN",
        defaultValue = "1m",
        description = "The sliding span, such as 10s, 1m, 1h (default ${DEFAULT-VALUE}).")
    Duration per = Duration.ZERO;

    @Option(
        names = "--count",
        paramLabel = "WORD",
        description = "Which tokens: ${COMPLETION-CANDIDATES} (default declared).")
    @Nullable Count count;
  }

  @Command(
      name = "rate-limit",
      description = "Make a rate limit: requests and tokens per span, requests at one time.",
      footer = {
        "",
        "Example:",
        "  ${ROOT-COMMAND-NAME} cloud policy create rate-limit --name calm \\",
        "      --requests 60 --per 1m --concurrent 4 --bind namespace",
      })
  void rateLimit(
      @Option(names = "--name", required = true, paramLabel = "NAME", description = "A name.")
          String name,
      @Mixin Rates rates,
      @Mixin Principals.Binding binding,
      @Mixin Writing.Creating how) {
    if (rates.requests == null && rates.tokens == null && rates.concurrent == null) {
      throw Failure.of(Exit.USAGE, "give at least one of --requests, --tokens and --concurrent");
    }
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("window_secs", rates.per.toSeconds());
    members.put("max_requests", rates.requests);
    members.put("max_tokens", rates.tokens);
    members.put("max_concurrent", rates.concurrent);
    members.put("count", rates.count);
    PolicyCommand.post(cli, name, "rate_limit", PolicyCommand.specOf(members), binding.bind, how);
  }
}
