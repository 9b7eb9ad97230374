package io.bitrouter.core.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.Secret;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.NamespaceId;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AuthenticatorTest {

  private static final NamespaceId A = new NamespaceId("ns_0000000000000000000000000a");
  private static final NamespaceId B = new NamespaceId("ns_0000000000000000000000000b");
  private static final long MINUTE = 60_000_000L;

  private final AtomicLong now = new AtomicLong(1_000 * MINUTE);
  private final Ticker ticker =
      new Ticker() {
        @Override
        public long epochMicros() {
          return now.get();
        }

        @Override
        public long nanos() {
          return now.get() * 1_000;
        }
      };
  private final Random random = new Random(1);
  private final Peppers peppers = new Peppers(Map.of("p1", Secret.of("pepper one")), "p1");
  private final KeyIndex index = new KeyIndex();
  private final Authenticator authenticator = new Authenticator(index, peppers, ticker);

  @Test
  void aKeyGivesAGrantForItsOwnNamespaceAndScopes() {
    Token token = stored(A, OptionalLong.empty(), OptionalLong.empty());
    Caller.Key caller = key(List.of("sk-left-over-vendor-key", text(token)));
    assertThat(caller.grant().namespace()).isEqualTo(A);
    assertThat(caller.grant().scopes()).isEqualTo(ScopeSet.parse("keys:read"));
  }

  @Test
  void missingMalformedUnknownAndWrongAreOneAnswer() {
    Token token = stored(A, OptionalLong.empty(), OptionalLong.empty());
    Token stranger = Token.generate(Token.Kind.API_KEY, random);
    Token wrongSecret = new Token(Token.Kind.API_KEY, token.tokenId(), stranger.secret());
    List<List<String>> bad =
        List.of(
            List.of(),
            List.of("sk-vendor"),
            List.of("brk_x.y"),
            List.of(text(stranger)),
            List.of(text(wrongSecret)));
    Refusal first = refusal(bad.getFirst());
    assertThat(first.code()).isEqualTo(RefusalCode.UNAUTHORIZED);
    assertThat(bad).allSatisfy(presented -> assertThat(refusal(presented)).isEqualTo(first));
  }

  @Test
  void twoDifferentKeysOfOursAreRefusedAndTheSameTwiceIsNot() {
    String one = text(stored(A, OptionalLong.empty(), OptionalLong.empty()));
    String two = text(stored(A, OptionalLong.empty(), OptionalLong.empty()));
    assertThat(refusal(List.of(one, two)).code()).isEqualTo(RefusalCode.INVALID_REQUEST);
    assertThat(key(List.of(one, one)).grant().namespace()).isEqualTo(A);
  }

  @Test
  void revokedAndExpiredAreSaidOnlyToWhoHasTheSecret() {
    Token revoked = stored(A, OptionalLong.empty(), OptionalLong.of(1));
    Token expiring = stored(A, OptionalLong.of(now.get() + MINUTE), OptionalLong.empty());
    assertThat(refusal(List.of(text(revoked))).code()).isEqualTo(RefusalCode.KEY_REVOKED);
    assertThat(key(List.of(text(expiring))).grant().namespace()).isEqualTo(A);
    now.addAndGet(MINUTE);
    assertThat(refusal(List.of(text(expiring))).code()).isEqualTo(RefusalCode.KEY_EXPIRED);
    Token guess =
        new Token(
            Token.Kind.API_KEY,
            revoked.tokenId(),
            Token.generate(Token.Kind.API_KEY, random).secret());
    assertThat(refusal(List.of(text(guess))).code()).isEqualTo(RefusalCode.UNAUTHORIZED);
  }

  @Test
  void aRowMovedToAnotherNamespaceStopsVerifying() {
    Token token = Token.generate(Token.Kind.API_KEY, random);
    KeyVerifier verifier = peppers.verifierFor(token, A);
    index.put(record(B, verifier, OptionalLong.empty(), OptionalLong.empty()));
    assertThat(refusal(List.of(text(token))).code()).isEqualTo(RefusalCode.UNAUTHORIZED);
  }

  @Test
  void bothSecretsOfARotatedKeyAreOneKeyUntilTheOldOneEnds() {
    Token old = Token.generate(Token.Kind.API_KEY, random);
    Token fresh = Token.generate(Token.Kind.API_KEY, random);
    KeyVerifier dated = peppers.verifierFor(old, A);
    KeyVerifier ending =
        new KeyVerifier(
            dated.tokenId(), dated.mac(), dated.pepperId(), OptionalLong.of(now.get() + MINUTE));
    KeyRecord one = record(A, ending, OptionalLong.empty(), OptionalLong.empty());
    KeyRecord both =
        new KeyRecord(
            A,
            one.id(),
            one.name(),
            one.scopes(),
            one.ancestors(),
            0,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            List.of(ending, peppers.verifierFor(fresh, A)));
    index.put(both);
    assertThat(key(List.of(text(old))).id()).isEqualTo(key(List.of(text(fresh))).id());
    now.addAndGet(MINUTE);
    assertThat(refusal(List.of(text(old))).code()).isEqualTo(RefusalCode.KEY_EXPIRED);
    assertThat(key(List.of(text(fresh))).id()).isEqualTo(both.id().text());
  }

  @Test
  void anOldPepperStillVerifiesAfterANewOneWasAdded() {
    Token token = Token.generate(Token.Kind.API_KEY, random);
    index.put(record(A, peppers.verifierFor(token, A), OptionalLong.empty(), OptionalLong.empty()));
    Peppers rotated =
        new Peppers(Map.of("p1", Secret.of("pepper one"), "p2", Secret.of("pepper two")), "p2");
    assertThat(new Authenticator(index, rotated, ticker).authenticate(List.of(text(token))))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void lastUseIsKeptToTheMinute() {
    now.addAndGet(1_234_567);
    Caller.Key caller = key(List.of(text(stored(A, OptionalLong.empty(), OptionalLong.empty()))));
    assertThat(index.lastUse(caller.key())).contains(1_000 * MINUTE);
  }

  private Token stored(NamespaceId namespace, OptionalLong expires, OptionalLong revoked) {
    Token token = Token.generate(Token.Kind.API_KEY, random);
    index.put(record(namespace, peppers.verifierFor(token, namespace), expires, revoked));
    return token;
  }

  private static KeyRecord record(
      NamespaceId namespace, KeyVerifier verifier, OptionalLong expires, OptionalLong revoked) {
    KeyId id = new KeyId("key_" + verifier.tokenId());
    return new KeyRecord(
        namespace,
        id,
        "name",
        ScopeSet.parse("keys:read"),
        List.of(),
        0,
        expires,
        revoked,
        OptionalLong.empty(),
        List.of(verifier));
  }

  private static String text(Token token) {

    String id = token.publicPart();
    String body = token.secret().reveal().substring(0, 32);
    return Token.parse(id + "." + token.secret().reveal()).isPresent()
        ? id + "." + token.secret().reveal()
        : id + "." + body + checksum(id + "." + body);
  }

  private static String checksum(String text) {
    String alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    crc.update(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    StringBuilder digits = new StringBuilder();
    long value = crc.getValue();
    for (int i = 0; i < 6; i++) {
      digits.insert(0, alphabet.charAt((int) (value % 62)));
      value /= 62;
    }
    return digits.toString();
  }

  private Caller.Key key(List<String> presented) {
    return switch (authenticator.authenticate(presented)) {
      case Outcome.Done<Caller>(Caller.Key caller) -> caller;
      case Outcome<Caller> other -> throw new AssertionError(other.toString());
    };
  }

  private Refusal refusal(List<String> presented) {
    return switch (authenticator.authenticate(presented)) {
      case Outcome.Refused<Caller>(Refusal refusal) -> refusal;
      case Outcome.Done<Caller> done -> throw new AssertionError("let in");
    };
  }
}
