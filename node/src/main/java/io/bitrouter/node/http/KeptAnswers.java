package io.bitrouter.node.http;

import io.bitrouter.core.credential.AnswerSeal;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.credential.Token;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.PresentedCredentials;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.KeptAnswer;
import io.bitrouter.core.store.NodeView;
import io.bitrouter.wire.control.ControlJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Answers to requests that their clients named with {@code Idempotency-Key}: the same request is
 * answered with the same body for a day, another one under the same name is refused. Answers are
 * sealed under the secret of the credential that asked. Thread-safe.
 */
record KeptAnswers(ControlStore store, Ticker ticker, SecureRandom random) {

  private static final long KEPT_MICROS = 24 * 3_600_000_000L;
  private static final int LONGEST_NAME = 200;

  /** A request by the name that its client gave it. */
  private record Named(String credentialId, byte[] nameHash, byte[] requestHash, AnswerSeal seal) {
    byte[] context() {
      byte[] id = credentialId.getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.allocate(id.length + nameHash.length + requestHash.length)
          .put(id)
          .put(nameHash)
          .put(requestHash)
          .array();
    }
  }

  /**
   * Looks for the answer to a named request; a request that is new has its own kept.
   *
   * @return the kept answer; empty when the request is new or has no name
   */
  Outcome<Optional<Answer>> replay(ControlRequest request, Route route) {
    ClientExchange exchange = request.exchange();
    Optional<String> name = exchange.headers().first("idempotency-key");
    if (name.isEmpty() || route.changes() != Route.Changes.MAKES || request.sent().dryRun()) {
      return Outcome.done(Optional.empty());
    }
    boolean fits =
        !name.get().isEmpty()
            && name.get().length() <= LONGEST_NAME
            && name.get().chars().allMatch(c -> c >= ' ' && c <= '~');
    if (!fits) {
      return ControlRequest.invalid(
          "idempotency-key",
          "Idempotency-Key must have 1 to " + LONGEST_NAME + " printable ASCII characters");
    }
    return request
        .sent()
        .body()
        .then(body -> {
          Named named =
              new Named(
                  request.caller().id(),
                  sha256(name.get().getBytes(StandardCharsets.UTF_8)),
                  sha256(
                      exchange.method().getBytes(StandardCharsets.UTF_8),
                      exchange.path().getBytes(StandardCharsets.UTF_8),
                      body),
                  new AnswerSeal(presented(exchange)));
          return found(request, named);
        });
  }

  private Outcome<Optional<Answer>> found(ControlRequest request, Named named) {
    Optional<KeptAnswer> kept = lookUp(request, named);
    if (kept.isEmpty()) {
      request.sent().keep(body -> Optional.of(seal(named, body)));
      return Outcome.done(Optional.empty());
    }
    if (!Arrays.equals(kept.get().requestHash(), named.requestHash())) {
      return conflict("this Idempotency-Key was used for another request", "use a new key");
    }
    Optional<byte[]> body = named.seal().open(kept.get().sealed(), named.context());
    return body.isPresent()
        ? Outcome.done(
            Optional.of(
                new Answer(body.get(), List.of(new HeaderField("idempotent-replayed", "true")))))
        : conflict(
            "this Idempotency-Key was used with another token of this credential, which alone can"
                + " read the answer",
            "the change was made; look for it in the list, or use a new key to make another");
  }

  private KeptAnswer seal(Named named, Object body) {
    return new KeptAnswer(
        named.credentialId(),
        named.nameHash(),
        named.requestHash(),
        named.seal().seal(ControlJson.bytes(body), named.context(), random),
        ticker.epochMicros() + KEPT_MICROS);
  }

  /** An answer is kept where its change is stored: in a namespace, or by the node. */
  private Optional<KeptAnswer> lookUp(ControlRequest request, Named named) {
    long now = ticker.epochMicros();
    String credential = named.credentialId();
    if (request.caller() instanceof Caller.Key key) {
      return store.open(key.grant()).keptAnswer(credential, named.nameHash(), now);
    }
    OperatorGrant grant = request.operator().grant();
    NodeView node = store.openNode(grant);
    if (!request.params().containsKey("id")) {
      return node.keptAnswer(credential, named.nameHash(), now);
    }
    NamespaceId inside = new NamespaceId(request.param("id"));
    return node.namespace(inside).isPresent()
        ? store.open(grant.enter(inside)).keptAnswer(credential, named.nameHash(), now)
        : Optional.empty();
  }

  /** The token that authenticated the request, which there is one of. */
  private static Token presented(ClientExchange exchange) {
    return PresentedCredentials.in(exchange).stream()
        .filter(Token::looksLikeOurs)
        .flatMap(text -> Token.parse(text).stream())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("authenticated without a token"));
  }

  /** Another request with the same name that is being served at this moment. */
  static Refusal racing() {
    return Refusal.of(
            RefusalCode.CONFLICT, "another request with this Idempotency-Key is being served")
        .withHint("send it again in a second: it is then answered as the other one was")
        .withRetryAfter(1);
  }

  private static <T> Outcome<T> conflict(String message, String hint) {
    return Outcome.refused(Refusal.of(RefusalCode.CONFLICT, message).withHint(hint));
  }

  private static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update((part.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the platform has no SHA-256", e);
    }
  }
}
