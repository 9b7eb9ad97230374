package io.bitrouter.core.credential;

import java.util.List;
import java.util.Set;

/** The words a credential can hold: {@code resource:action}, or {@code resource:*} for all. */
public final class Scope {

  /** Calls models. */
  public static final String INFERENCE_INVOKE = "inference:invoke";

  /** Reads usage and request rows. */
  public static final String USAGE_READ = "usage:read";

  /** Lists keys. */
  public static final String KEYS_READ = "keys:read";

  /** Mints and revokes keys. */
  public static final String KEYS_WRITE = "keys:write";

  /** Reads policies, budgets and presets, and the amounts in refusals. */
  public static final String POLICY_READ = "policy:read";

  /** Writes them. */
  public static final String POLICY_WRITE = "policy:write";

  /** Sees how the namespace's total budget stands. */
  public static final String BILLING_READ = "billing:read";

  /** Sees the name of the credential's namespace in a list. */
  public static final String NAMESPACE_READ = "namespace:read";

  /** Operator: lists namespaces. */
  public static final String NODE_NAMESPACE_READ = "node:namespace:read";

  /** Operator: makes, renames and deletes namespaces, and mints their first keys. */
  public static final String NODE_NAMESPACE_WRITE = "node:namespace:write";

  /** Operator: enters a namespace for at most an hour. */
  public static final String NODE_NAMESPACE_ENTER = "node:namespace:enter";

  /** Operator: usage of all namespaces. */
  public static final String NODE_USAGE_READ = "node:usage:read";

  /** Operator: issues operator credentials. */
  public static final String NODE_CREDENTIAL_WRITE = "node:credential:write";

  /** Every scope that a key baked to a namespace can hold, in the order shown to people. */
  public static final List<String> OF_A_KEY =
      List.of(
          INFERENCE_INVOKE,
          USAGE_READ,
          KEYS_READ,
          KEYS_WRITE,
          POLICY_READ,
          POLICY_WRITE,
          "byok:read",
          "byok:write",
          BILLING_READ,
          "billing:write",
          NAMESPACE_READ,
          "routing_preset:read",
          "routing_preset:write",
          "clients:read",
          "clients:write",
          "user:read");

  /** Every scope of an operator credential. */
  public static final List<String> OF_AN_OPERATOR =
      List.of(
          NODE_USAGE_READ,
          NODE_NAMESPACE_READ,
          NODE_NAMESPACE_WRITE,
          NODE_NAMESPACE_ENTER,
          NODE_CREDENTIAL_WRITE);

  /** Words of the vocabulary that no baked key may hold, because they reach beyond a namespace. */
  public static final Set<String> NEVER_BAKED = Set.of("namespace:write", "user:write");

  private Scope() {}
}
