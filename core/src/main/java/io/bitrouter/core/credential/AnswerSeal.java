package io.bitrouter.core.credential;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals answers with AES-256-GCM: those that are kept for the one who presented a token under a key
 * that HMAC-SHA-256 derives from the token's secret, which the node does not have once the request
 * is over; those that are kept for a namespace see {@link Peppers#seal}. Immutable and thread-safe.
 */
public final class AnswerSeal {

  private static final byte[] PURPOSE = "bitrouter kept answer 1".getBytes(StandardCharsets.UTF_8);
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;

  /** The seal of whoever holds {@code token}. */
  public AnswerSeal(Token token) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(token.secret().revealBytes(), "HmacSHA256"));
      mac.update(PURPOSE);
      this.key = new SecretKeySpec(mac.doFinal(), "AES");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the platform has no HmacSHA256", e);
    }
  }

  /** The seal with this key of 32 bytes. */
  AnswerSeal(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
  }

  /**
   * Seals {@code answer}; it opens only together with the same {@code context}.
   *
   * @param random a cryptographically strong source
   */
  public byte[] seal(byte[] answer, byte[] context, RandomGenerator random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(answer);
      byte[] whole = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, whole, NONCE_BYTES, sealed.length);
      return whole;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the platform cannot seal with AES-GCM", e);
    }
  }

  /** What was sealed; empty when another token sealed it or it is not what it was. */
  public Optional<byte[]> open(byte[] sealed, byte[] context) {
    if (sealed.length < NONCE_BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_BYTES), context)
              .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
    } catch (GeneralSecurityException notSealedSo) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce, byte[] context) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(context);
    return cipher;
  }
}
