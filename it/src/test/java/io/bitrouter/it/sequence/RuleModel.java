package io.bitrouter.it.sequence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The reference: namespaces, keys and policies as plain lists, and what follows from them for every
 * request. It knows nothing of how the product does it. Used by one thread.
 */
final class RuleModel {

  /** Prices of the models that are asked, nano-USD a token. */
  private static final long INPUT = 500;

  private static final long OUTPUT = 1_000;

  /** What every request asks for and what every answer is billed. */
  static final int MAX_TOKENS = 20;

  static final long CHARGE = 11 * INPUT + 3 * OUTPUT;

  final List<Space> spaces = new ArrayList<>();

  /** What a key was minted for. */
  enum Power {
    EVERYTHING,
    INFERENCE,
    READING;

    boolean covers(Power other) {
      return this == EVERYTHING || this == other;
    }

    boolean infers() {
      return this != READING;
    }
  }

  /** A namespace. */
  static final class Space {
    final String id;
    String name;
    boolean deleted;
    final List<ModelKey> keys = new ArrayList<>();
    final List<Rule> rules = new ArrayList<>();

    Space(String id, String name) {
      this.id = id;
      this.name = name;
    }

    long living() {
      return keys.stream().filter(key -> !key.revoked).count();
    }
  }

  /** A key, with what its own requests came to. */
  static final class ModelKey {
    final Space space;
    final String id;
    final Optional<ModelKey> parent;
    final Power power;
    String token;
    Optional<String> formerToken = Optional.empty();
    boolean formerWorks;
    boolean revoked;
    long answered;
    final Map<String, Long> denied = new HashMap<>();

    ModelKey(Space space, String id, Optional<ModelKey> parent, Power power, String token) {
      this.space = space;
      this.id = id;
      this.parent = parent;
      this.power = power;
      this.token = token;
      space.keys.add(this);
    }

    /** The key and all above it. */
    List<ModelKey> line() {
      List<ModelKey> line = new ArrayList<>(List.of(this));
      for (Optional<ModelKey> above = parent; above.isPresent(); above = above.get().parent) {
        line.add(above.get());
      }
      return line;
    }
  }

  /**
   * What a policy says.
   *
   * @param kind {@code guardrail} or {@code budget}
   * @param deniedModel what a guardrail denies, empty for a budget
   * @param limitMicroUsd limit of a budget, 0 for a guardrail
   * @param json the spec
   */
  record Spec(String kind, String deniedModel, long limitMicroUsd, String json) {}

  /** A policy with its bindings: their ids by principal, a key's id or the namespace's. */
  static final class Rule {
    final Space space;
    final String id;
    final Spec spec;
    boolean enabled = true;
    final Map<String, String> bindings = new LinkedHashMap<>();

    Rule(Space space, String id, Spec spec) {
      this.space = space;
      this.id = id;
      this.spec = spec;
      space.rules.add(this);
    }
  }

  /** Every key there ever was. */
  List<ModelKey> keys() {
    return spaces.stream().flatMap(space -> space.keys.stream()).toList();
  }

  /** Every policy there ever was, but those of deleted namespaces. */
  List<Rule> rules() {
    return spaces.stream().flatMap(space -> space.rules.stream()).toList();
  }

  /** What whoever presents a token is told first. */
  static Expected authenticated(ModelKey key, boolean former) {
    if (key.space.deleted) {
      return Expected.refused(401, "unauthorized");
    }
    if (key.revoked) {
      return Expected.refused(401, "key_revoked");
    }
    return former && !key.formerWorks ? Expected.refused(401, "key_expired") : Expected.OK;
  }

  /** The same for what only a key with every scope may do. */
  static Expected mayChange(ModelKey key, boolean former) {
    Expected known = authenticated(key, former);
    return known.ok() && key.power != Power.EVERYTHING ? Expected.FORBIDDEN : known;
  }

  /** The same for looking. */
  static Expected mayRead(ModelKey key, boolean former) {
    Expected known = authenticated(key, former);
    return known.ok() && key.power == Power.INFERENCE ? Expected.FORBIDDEN : known;
  }

  /** The policies that a key's requests are judged by: its own, its line's, its namespace's. */
  List<Rule> applicable(ModelKey key) {
    Set<String> principals = new LinkedHashSet<>(Set.of(key.space.id));
    key.line().forEach(one -> principals.add(one.id));
    return key.space.rules.stream()
        .filter(rule -> rule.enabled)
        .filter(rule -> rule.bindings.keySet().stream().anyMatch(principals::contains))
        .toList();
  }

  /** What an inference request of so many bytes is answered. */
  Expected inference(ModelKey key, boolean former, String model, int bytes) {
    Expected known = authenticated(key, former);
    if (!known.ok()) {
      return known;
    }
    if (!key.power.infers()) {
      return Expected.FORBIDDEN;
    }
    Set<String> against = new LinkedHashSet<>();
    for (Rule rule : applicable(key)) {
      if (rule.spec.deniedModel().equals(model)) {
        against.add(rule.id);
      }
    }
    if (!against.isEmpty()) {
      return new Expected(403, "model_not_allowed", against);
    }
    for (Rule rule : applicable(key)) {
      if (rule.spec.kind().equals("budget") && isSpent(rule, key, need(bytes))) {
        against.add(rule.id);
      }
    }
    return against.isEmpty() ? Expected.OK : new Expected(402, "budget_exceeded", against);
  }

  private boolean isSpent(Rule rule, ModelKey key, long need) {
    return rule.bindings.keySet().stream()
        .filter(principal -> counts(principal, key))
        .anyMatch(
            principal -> spent(key.space, principal) + need > rule.spec.limitMicroUsd() * 1_000);
  }

  private static boolean counts(String principal, ModelKey key) {
    return principal.equals(key.space.id)
        || key.line().stream().anyMatch(one -> one.id.equals(principal));
  }

  /** What a principal has spent, nano-USD: a key with all below it, or the namespace. */
  static long spent(Space space, String principal) {
    return space.keys.stream()
        .filter(key -> counts(principal, key))
        .mapToLong(key -> key.answered * CHARGE)
        .sum();
  }

  /** What a request needs: the same in both modes, because its text is shorter than 128 bytes. */
  private static long need(int bytes) {
    return (Math.ceilDiv(bytes, 2) + 64) * INPUT + MAX_TOKENS * OUTPUT;
  }
}
