package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Answer of {@code GET /v1/credential}: what the presented credential is.
 *
 * @param kind {@code api_key} or {@code operator}
 * @param id the credential's own id, {@code key_…} for an API key
 * @param namespaceId the one namespace it is baked to; absent for an operator
 */
@ControlBody
public record CredentialInfo(
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
