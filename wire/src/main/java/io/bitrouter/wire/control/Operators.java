package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Operator credentials. */
public interface Operators {
  /**
   * One operator credential; never its secret.
   *
   * @param keyPrefix {@code bro_} and the token id
   * @param namespaces ids of the only namespaces it sees; absent for all
   */
  record OperatorInfo(
      String id,
      String name,
      String keyPrefix,
      List<String> scopes,
      Optional<List<String>> namespaces,
      Instant createdAt,
      Optional<Instant> expiresAt,
      Optional<Instant> revokedAt) {}

  /** All operator credentials that the caller may see, revoked ones too. */
  record OperatorList(List<OperatorInfo> data) {}

  /**
   * Body of {@code POST /v1/node/credentials}.
   *
   * @param scopes wanted {@code node:…} scopes, all of which the issuer must hold
   * @param namespaces ids of the only namespaces it sees; absent means all that the issuer sees
   * @param expiresAt when it stops working; absent means as long as the issuer
   */
  record IssueOperator(
      String name,
      List<String> scopes,
      Optional<List<String>> namespaces,
      Optional<Instant> expiresAt) {}

  /**
   * Answer to issuing an operator credential. Holds a secret; {@link #toString()} leaves it out.
   *
   * @param token the whole credential, {@code bro_….…}; shown once
   */
  record IssuedOperator(
      String token,
      String id,
      String name,
      List<String> scopes,
      Optional<List<String>> namespaces,
      Optional<Instant> expiresAt) {
    @Override
    public String toString() {
      return "IssuedOperator[" + id + "]";
    }
  }

  /**
   * Answer of {@code DELETE /v1/node/credentials/{id}}.
   *
   * @param revoked always true; revoking a revoked one is not an error
   * @param revokedDescendants how many that it issued, directly or not, were revoked with it
   */
  record OperatorRevoked(boolean revoked, long revokedDescendants) {}
}
