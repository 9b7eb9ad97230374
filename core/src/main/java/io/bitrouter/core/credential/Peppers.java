package io.bitrouter.core.credential;

import io.bitrouter.core.kernel.Secret;
import io.bitrouter.core.namespace.NamespaceId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The node's secret keys for verifiers, by id; the newest makes new ones, older ones still verify.
 *
 * <p>A verifier is {@code HMAC-SHA-256(pepper, kind ‖ 0 ‖ namespace ‖ 0 ‖ token id ‖ 0 ‖ secret)}:
 * a row moved to another namespace stops verifying. Thread-safe.
 */
public final class Peppers {

  private static final String ALGORITHM = "HmacSHA256";

  private final Map<String, Mac> macs = new HashMap<>();
  private final String current;
  private final Mac currentMac;

  /**
   * Takes the peppers.
   *
   * @param byId all that may have made a stored verifier, 32 bytes each
   * @param current id of the one that makes new verifiers
   */
  public Peppers(Map<String, Secret> byId, String current) {
    byId.forEach((id, pepper) -> macs.put(id, keyed(pepper)));
    this.current = current;
    this.currentMac =
        Optional.ofNullable(macs.get(current))
            .orElseThrow(() -> new IllegalArgumentException("the current pepper is missing"));
  }

  /** A verifier for a key's token in its namespace. */
  public KeyVerifier verifierFor(Token token, NamespaceId namespace) {
    return verifier(token, namespace.text());
  }

  /** A verifier for an operator's token. */
  public KeyVerifier verifierForOperator(Token token) {
    return verifier(token, "");
  }

  /**
   * A name that stands for {@code name} of {@code namespace} towards others, 32 hexadecimal
   * characters: the same for the same two, and no other namespace can have it.
   */
  public String pseudonym(NamespaceId namespace, String name) {
    try {
      Mac mac = (Mac) currentMac.clone();
      update(mac, "pseudonym");
      update(mac, namespace.text());
      byte[] whole = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(whole, 0, 16);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's " + ALGORITHM + " cannot be cloned", e);
    }
  }

  /**
   * Seals what the node keeps for {@code namespace}: it opens for that namespace alone, and only
   * together with the same {@code context}.
   *
   * @param random a cryptographically strong source
   */
  public byte[] seal(
      NamespaceId namespace, byte[] content, byte[] context, RandomGenerator random) {
    return seal(currentMac, namespace).seal(content, context, random);
  }

  /** What {@link #seal} sealed with any of the peppers; empty when it is not what it was. */
  public Optional<byte[]> open(NamespaceId namespace, byte[] sealed, byte[] context) {
    return macs.values().stream()
        .flatMap(mac -> seal(mac, namespace).open(sealed, context).stream())
        .findFirst();
  }

  private static AnswerSeal seal(Mac prototype, NamespaceId namespace) {
    try {
      Mac mac = (Mac) prototype.clone();
      update(mac, "seal");
      update(mac, namespace.text());
      return new AnswerSeal(mac.doFinal());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's " + ALGORITHM + " cannot be cloned", e);
    }
  }

  /** Whether {@code token} is the secret that made {@code verifier} in {@code namespace}. */
  boolean verifies(Token token, KeyVerifier verifier, NamespaceId namespace) {
    return matches(token, verifier, namespace.text());
  }

  /** Whether {@code token} is the secret that made an operator's {@code verifier}. */
  boolean verifiesOperator(Token token, KeyVerifier verifier) {
    return matches(token, verifier, "");
  }

  /** Does the work of a verification and throws it away: an unknown token id costs the same. */
  void verifyNothing(Token token) {
    mac(currentMac, token, "");
  }

  private KeyVerifier verifier(Token token, String namespace) {
    byte[] mac = mac(currentMac, token, namespace);
    return new KeyVerifier(token.tokenId(), mac, current, OptionalLong.empty());
  }

  private boolean matches(Token token, KeyVerifier verifier, String namespace) {
    return Optional.ofNullable(macs.get(verifier.pepperId()))
        .map(mac -> MessageDigest.isEqual(mac(mac, token, namespace), verifier.mac()))
        .orElse(false);
  }

  private static byte[] mac(Mac prototype, Token token, String namespace) {
    try {
      Mac mac = (Mac) prototype.clone();
      update(mac, token.kind().text());
      if (token.kind() == Token.Kind.API_KEY) {
        update(mac, namespace);
      }
      update(mac, token.tokenId());
      return mac.doFinal(token.secret().revealBytes());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's " + ALGORITHM + " cannot be cloned", e);
    }
  }

  private static void update(Mac mac, String part) {
    mac.update(part.getBytes(StandardCharsets.UTF_8));
    mac.update((byte) 0);
  }

  private static Mac keyed(Secret pepper) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(pepper.revealBytes(), ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the platform has no " + ALGORITHM, e);
    }
  }
}
