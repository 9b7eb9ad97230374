package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keys of a namespace, and what a credential is. */
public interface Keys {
  /**
   * Answer of {@code GET /v1/credential}: what the presented credential is.
   *
   * @param kind {@code api_key} or {@code operator}
   * @param id the credential's own id, {@code key_…} for an API key
   * @param namespaceId the one namespace it is baked to; absent for an operator
   */
  record CredentialInfo(
      String kind,
      String id,
      String name,
      Optional<String> namespaceId,
      Optional<String> namespaceName,
      List<String> scopes,
      Optional<Instant> expiresAt) {

    /** Value of {@link #kind()} for an API key. */
    public static final String API_KEY = "api_key";

    /** Value of {@link #kind()} for an operator credential. */
    public static final String OPERATOR = "operator";
  }

  /**
   * One API key as the control plane shows it; never its secret.
   *
   * @param id {@code key_…}
   * @param keyPrefix {@code brk_} and the token id
   * @param parentId the key that minted it; absent for one made by an operator
   * @param lastUsedAt last use, to the minute; absent when never used
   */
  record ApiKeyInfo(
      String id,
      String displayName,
      String keyPrefix,
      List<String> scopes,
      Optional<String> parentId,
      String rootId,
      Optional<Instant> expiresAt,
      Optional<Instant> lastUsedAt,
      Optional<Instant> revokedAt,
      Instant createdAt) {}

  /** All keys of a namespace, revoked ones too. */
  record ApiKeyList(List<ApiKeyInfo> data) {}

  /**
   * Body of {@code POST /v1/namespaces/{nsid}/keys} and of {@code POST
   * /v1/node/namespaces/{id}/keys}.
   *
   * @param displayName name for people, 1 to 128 printable characters after trimming
   * @param scopes wanted scopes; the server refuses an empty list and any scope the caller lacks
   * @param expiresAt when the key stops working; absent means as long as the minting key
   */
  record MintKey(String displayName, List<String> scopes, Optional<Instant> expiresAt) {}

  /**
   * Answer to minting a key. The only body that ever holds a secret; {@link #toString()} leaves it
   * out.
   *
   * @param token the whole credential, {@code brk_….…}; shown once
   * @param id {@code key_…}
   * @param keyPrefix {@code brk_} and the token id: enough to recognise the key, useless to use it
   */
  record MintedKey(
      String token,
      String id,
      String keyPrefix,
      String displayName,
      List<String> scopes,
      Optional<Instant> expiresAt) {
    @Override
    public String toString() {
      return "MintedKey[" + id + ", " + keyPrefix + "]";
    }
  }

  /**
   * Body of {@code POST ns/keys/{id}/rotate}. The answer is a {@link MintedKey} with the same id.
   *
   * @param overlapSecs how long the old token goes on working, in seconds, 0 to 2592000; absent
   *     means 3600
   */
  record RotateKey(Optional<Long> overlapSecs) {}

  /**
   * Answer of {@code DELETE /v1/namespaces/{nsid}/keys/{id}}.
   *
   * @param revoked always true; revoking a revoked key is not an error
   * @param revokedDescendants how many keys minted from it, directly or not, were revoked with it
   */
  record KeyRevoked(boolean revoked, long revokedDescendants) {}

  /**
   * Body of {@code POST /v1/node/namespaces/{id}/enter}: an operator asks for a short-lived key of
   * one namespace. The answer is a {@link MintedKey} with its expiry set.
   *
   * @param reason why, for the audit log of that namespace
   * @param ttlSecs life of the key in seconds, at most 3600; the server judges the range
   */
  record EnterNamespace(String reason, List<String> scopes, long ttlSecs) {}

  /**
   * Answer of {@code GET ns/keys/{id}/blast-radius}: what whoever holds this key can reach, and
   * what it has done.
   *
   * @param descendants keys minted from it, directly or not
   * @param models models it may call
   * @param providers providers those go to
   * @param worstRemainingMicroUsd the most it can still spend; absent when no budget applies
   * @param since start of what {@code usage} counts
   * @param usage what it and its descendants have done since
   */
  record BlastRadius(
      ApiKeyInfo key,
      List<ApiKeyInfo> descendants,
      List<String> models,
      List<String> providers,
      Optional<Long> worstRemainingMicroUsd,
      Instant since,
      Usage usage) {

    /**
     * Totals.
     *
     * @param requestCount admitted requests
     * @param deniedCount refused requests, which {@code requestCount} does not contain
     */
    public record Usage(
        long spendMicroUsd,
        long promptTokens,
        long completionTokens,
        long requestCount,
        long deniedCount) {}
  }
}
