package io.bitrouter.cli;

import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.Policies.EffectivePolicies;
import io.bitrouter.wire.control.Policies.PolicyBindingList;
import io.bitrouter.wire.control.Policies.PolicyBound;
import io.bitrouter.wire.control.Policies.PolicyChange;
import io.bitrouter.wire.control.Policies.PolicyDisabled;
import io.bitrouter.wire.control.Policies.PolicyDraft;
import io.bitrouter.wire.control.Policies.PolicyInfo;
import io.bitrouter.wire.control.Policies.PolicyList;
import io.bitrouter.wire.control.Policies.PolicyUnbound;
import io.bitrouter.wire.control.Policies.PrincipalRef;
import io.bitrouter.wire.control.RawJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Policies of all kinds, and what they are bound to. */
@Command(
    name = "policy",
    description = "Write policies and bind them to your namespace or its keys.",
    addMethodSubcommands = false,
    footer = "cloud policy list")
record PolicyCommand(Cli cli) {
  static final String PATH = "/v1/namespaces/me/policies";

  /** A kind as it is typed; on the wire it has an underscore. */
  record Kind(String wire) {
    static final String WORDS = "budget, rate-limit, guardrail, preset";

    static Kind of(String typed) {
      if (!List.of(WORDS.split(", ")).contains(typed)) {
        throw new TypeConversionException("'" + typed + "' is not one of " + WORDS);
      }
      return new Kind(typed.replace('-', '_'));
    }
  }

  @Command(
      description = "List the policies of your namespace.",
      footer = "cloud policy list --kind rate-limit")
  void list(
      @Option(
              names = "--kind",
              paramLabel = "KIND",
              description = "Only these: " + Kind.WORDS + ".")
          Optional<Kind> kind) {
    Query query = new Query().add("kind", kind.map(Kind::wire));
    cli.answer(cli.api().get(PATH + query), PolicyList.class, this::printList);
  }

  private void printList(PolicyList list) {
    new PolicyRows(cli)
        .list(
            list.data().stream()
                .map(policy -> PolicyRows.row(common(policy), "kind=" + policy.kind()))
                .toList(),
            "no policies");
  }

  private static PolicyRows.Common common(PolicyInfo policy) {
    return new PolicyRows.Common(
        policy.id(), policy.name(), policy.disabledAt(), policy.locked(), policy.bindingCount());
  }

  @Command(
      description = "Show one policy.",
      footer = "cloud policy get pol_01k0000000000000000000000a")
  void get(@Parameters(paramLabel = "ID", description = "The policy's id.") String id) {
    cli.answer(cli.api().get(PATH + "/" + Query.encode(id)), PolicyInfo.class, this::print);
  }

  private void print(PolicyInfo policy) {
    Map<String, String> says = new LinkedHashMap<>();
    says.put("kind", policy.kind());
    says.put("spec", policy.spec().text());
    new PolicyRows(cli).block(common(policy), says);
  }

  /** Makes a policy and shows it. */
  static void post(
      Cli cli,
      String name,
      String kind,
      RawJson spec,
      Optional<PrincipalRef> bind,
      Writing.Creating how) {
    PolicyDraft draft = new PolicyDraft(name, kind, spec, bind);
    byte[] body = cli.api().write("POST", PATH, how, Optional.of(draft));
    cli.answer(body, PolicyInfo.class, new PolicyCommand(cli)::print);
  }

  /** The JSON object in a file, or on standard input for {@code -}. */
  static RawJson spec(Cli cli, String file) {
    try {
      JsonNode tree = ControlJson.mapper().readTree(cli.input(file));
      if (tree.isObject()) {
        return new RawJson(tree.toString());
      }
    } catch (JacksonException e) {
      throw Failure.of(Exit.USAGE, file + " is not JSON: " + e.getOriginalMessage());
    }
    throw Failure.of(Exit.USAGE, file + " does not hold a JSON object");
  }

  @Command(
      description = "Change a policy's name or replace its spec; in force with the answer.",
      footer = "cloud policy update pol_01k0000000000000000000000a --name evening-cap")
  void update(
      @Parameters(paramLabel = "ID", description = "The policy's id.") String id,
      @Option(names = "--name", paramLabel = "NAME", description = "The new name.")
          Optional<String> name,
      @Option(
              names = "--spec",
              paramLabel = "FILE",
              description = "File with the whole new spec as JSON; - for standard input.")
          Optional<String> spec,
      @Mixin Writing how) {
    if (name.isEmpty() && spec.isEmpty()) {
      throw Failure.of(Exit.USAGE, "nothing to change: give --name or --spec");
    }
    PolicyChange change = new PolicyChange(name, spec.map(file -> spec(cli, file)));
    byte[] body = cli.api().write("PUT", PATH + "/" + Query.encode(id), how, Optional.of(change));
    cli.answer(body, PolicyInfo.class, this::print);
  }

  @Command(
      description = "Delete a policy with its bindings.",
      footer = "cloud policy delete pol_01k0000000000000000000000a")
  void delete(
      @Parameters(paramLabel = "ID", description = "The policy's id.") String id,
      @Mixin Writing how) {
    new PolicyRows(cli).delete(PATH, id, how);
  }

  @Command(
      description = "Switch a policy off without losing it or its bindings.",
      footer = "cloud policy disable pol_01k0000000000000000000000a")
  void disable(
      @Parameters(paramLabel = "ID", description = "The policy's id.") String id,
      @Mixin Writing how) {
    turn(id, "disable", how);
  }

  @Command(
      description = "Switch a policy on again.",
      footer = "cloud policy enable pol_01k0000000000000000000000a")
  void enable(
      @Parameters(paramLabel = "ID", description = "The policy's id.") String id,
      @Mixin Writing how) {
    turn(id, "enable", how);
  }

  private void turn(String id, String verb, Writing how) {
    String path = PATH + "/" + Query.encode(id) + "/" + verb;
    cli.answer(
        cli.api().write("POST", path, how, Optional.empty()),
        PolicyDisabled.class,
        state -> cli.output().line("disabled: " + state.disabled()));
  }

  @Command(
      description = "Bind a policy to the namespace or a key; a key's keys fall under it too.",
      footer = {
        "",
        "Example:",
        "  ${ROOT-COMMAND-NAME} cloud policy bind pol_01k0000000000000000000000a \\",
        "      --principal-type api_key --principal-id key_01k0000000000000000000000a",
      })
  void bind(
      @Parameters(paramLabel = "ID", description = "The policy's id.") String id,
      @Mixin Principals.Parts principal,
      @Mixin Writing how) {
    String path = PATH + "/" + Query.encode(id) + "/bind";
    cli.answer(
        cli.api().write("POST", path, how, Optional.of(principal.ref())),
        PolicyBound.class,
        bound -> cli.output().line("binding id: " + bound.bindingId()));
  }

  @Command(
      description = "Take a binding of a policy away.",
      footer = "cloud policy unbind pol_01k0000000000000000000000a pb_01k0000000000000000000000a")
  void unbind(
      @Parameters(paramLabel = "ID", description = "The policy's id.") String id,
      @Parameters(paramLabel = "BINDING", description = "The binding's id.") String binding,
      @Mixin Writing how) {
    String path = PATH + "/" + Query.encode(id) + "/bind/" + Query.encode(binding);
    cli.answer(
        cli.api().write("DELETE", path, how, Optional.empty()),
        PolicyUnbound.class,
        answer -> cli.output().line("unbound: " + answer.unbound()));
  }

  @Command(
      description = "List what a policy is bound to.",
      footer = "cloud policy bindings pol_01k0000000000000000000000a")
  void bindings(@Parameters(paramLabel = "ID", description = "The policy's id.") String id) {
    cli.answer(cli.api().get(bindingsPath(id)), PolicyBindingList.class, this::printBindings);
  }

  static String bindingsPath(String id) {
    return PATH + "/" + Query.encode(id) + "/bindings";
  }

  private void printBindings(PolicyBindingList list) {
    cli.output()
        .table(
            list.data().stream()
                .map(one ->
                    List.of(
                        one.id(),
                        "policy=" + one.policyId(),
                        "principal=" + Principals.text(one.principalType(), one.principalId())))
                .toList());
  }

  @Command(
      description = "Show every clause that applies to a principal, and where each comes from.",
      footer = {
        "",
        "Example:",
        "  ${ROOT-COMMAND-NAME} cloud policy effective \\",
        "      --principal-type api_key --principal-id key_01k0000000000000000000000a",
      })
  void effective(@Mixin Principals.Parts principal) {
    byte[] body = cli.api().get(PATH + "/effective" + principal.addTo(new Query()));
    cli.answer(
        body,
        EffectivePolicies.class,
        found -> {
          cli.output().line("budgets: " + found.budgets().size());
          cli.output().line("rate limits: " + found.rateLimits().size());
          cli.output().line("guardrail: " + (found.guardrail().isPresent() ? "set" : "—"));
          cli.output().passThrough(body);
        });
  }

  @Command(
      name = "for-principal",
      description = "List the policies that are bound to exactly one principal.",
      footer = "cloud policy for-principal api_key key_01k0000000000000000000000a")
  void forPrincipal(
      @Parameters(paramLabel = "TYPE", description = "namespace or api_key.") String type,
      @Parameters(paramLabel = "ID", description = "Its id; 'me' for the namespace.") String id) {
    String path =
        "/v1/namespaces/me/principals/" + Query.encode(type) + "/" + Query.encode(id) + "/policies";
    cli.answer(cli.api().get(path), PolicyList.class, this::printList);
  }

  /** Leaves out what was not given. */
  static RawJson specOf(Map<String, ? extends @Nullable Object> members) {
    Map<String, Object> given = new LinkedHashMap<>();
    members.forEach((name, value) -> {
      if (value != null) {
        given.put(name, value);
      }
    });
    return new RawJson(ControlJson.text(given));
  }
}
