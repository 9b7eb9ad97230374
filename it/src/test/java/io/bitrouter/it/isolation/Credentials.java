package io.bitrouter.it.isolation;

import static org.awaitility.Awaitility.await;

import io.bitrouter.core.credential.Token;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One credential of each kind, all but the operator's for one namespace.
 *
 * @param full a key with every scope
 * @param expired a key that has ended
 * @param revoked a key that was revoked
 * @param unknown a well-formed key that nobody ever issued
 * @param operator the root operator credential
 */
record Credentials(String full, String expired, String revoked, String unknown, String operator) {

  /** What is sent as a credential that is not even well-formed. */
  static final String MALFORMED = "brk_short.secret";

  /** Mints what is missing with {@code full}. */
  static Credentials with(ControlClient anonymous, String full, String operator) {
    ControlClient client = anonymous.with(full);
    Instant soon = Instant.now().plusMillis(300);
    String expired =
        client
            .post(
                "/v1/namespaces/me/keys",
                "{\"display_name\":\"expired\",\"scopes\":[\"keys:read\"],\"expires_at\":\""
                    + soon
                    + "\"}")
            .mustBe(200)
            .json()
            .path("token")
            .asString();
    var gone =
        client
            .post(
                "/v1/namespaces/me/keys",
                "{\"display_name\":\"revoked\",\"scopes\":[\"keys:read\"]}")
            .mustBe(200)
            .json();
    client.delete("/v1/namespaces/me/keys/" + gone.path("id").asString()).mustBe(200);
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> anonymous.with(expired).get("/v1/credential").status() == 401);
    String unknown = Token.generate(Token.Kind.API_KEY, new SecureRandom()).whole().reveal();
    return new Credentials(full, expired, gone.path("token").asString(), unknown, operator);
  }

  /** A key of the same namespace with these scopes and no others. */
  static String narrow(ControlClient full, List<String> scopes) {
    Reply reply =
        full.post(
            "/v1/namespaces/me/keys",
            scopes.stream()
                .collect(
                    Collectors.joining(
                        "\",\"", "{\"display_name\":\"narrow\",\"scopes\":[\"", "\"]}")));
    return reply.mustBe(200).json().path("token").asString();
  }
}
