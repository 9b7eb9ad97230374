package io.bitrouter.core.credential;

import io.bitrouter.core.kernel.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/**
 * A credential as a client presents it: {@code brk_<token id>.<secret>} for a key, {@code bro_…}
 * for an operator. Token id 16 and secret 38 base-62 characters; the last six of the secret are the
 * CRC-32 of everything before them, so that a typo is told from a wrong secret without a look-up.
 * It is a filter, not authentication.
 *
 * @param kind what it claims to be
 * @param tokenId public part, names the verifier
 * @param secret secret part, checksum included
 */
public record Token(Kind kind, String tokenId, Secret secret) {

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int PREFIX_LENGTH = 4;
  private static final int TOKEN_ID_LENGTH = 16;
  private static final int SECRET_LENGTH = 38;
  private static final int CHECKSUM_LENGTH = 6;
  private static final int DOT = PREFIX_LENGTH + TOKEN_ID_LENGTH;
  private static final int LENGTH = DOT + 1 + SECRET_LENGTH;

  /** What a token claims to be. */
  public enum Kind {
    /** A key baked to one namespace. */
    API_KEY("brk"),
    /** An operator credential. */
    OPERATOR("bro");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The three letters before the underscore. */
    public String text() {
      return text;
    }
  }

  /** A new token; {@code random} must be cryptographically strong. */
  public static Token generate(Kind kind, RandomGenerator random) {
    String tokenId = characters(TOKEN_ID_LENGTH, random);
    String body = characters(SECRET_LENGTH - CHECKSUM_LENGTH, random);
    String checksum = checksum(kind.text() + "_" + tokenId + "." + body);
    return new Token(kind, tokenId, Secret.of(body + checksum));
  }

  /** Whether {@code text} claims to be one of ours at all, well-formed or not. */
  public static boolean looksLikeOurs(String text) {
    return text.startsWith("brk_") || text.startsWith("bro_");
  }

  /** Parses a token; empty unless it is well-formed and its checksum is right. */
  public static Optional<Token> parse(String text) {
    if (text.length() != LENGTH || !looksLikeOurs(text) || text.charAt(DOT) != '.') {
      return Optional.empty();
    }
    for (int i = PREFIX_LENGTH; i < LENGTH; i++) {
      if (i != DOT && ALPHABET.indexOf(text.charAt(i)) < 0) {
        return Optional.empty();
      }
    }
    int end = LENGTH - CHECKSUM_LENGTH;
    if (!checksum(text.substring(0, end)).equals(text.substring(end))) {
      return Optional.empty();
    }
    Kind kind = text.startsWith("brk_") ? Kind.API_KEY : Kind.OPERATOR;
    return Optional.of(
        new Token(kind, text.substring(PREFIX_LENGTH, DOT), Secret.of(text.substring(DOT + 1))));
  }

  /** The part that may be shown: everything before the dot. */
  public String publicPart() {
    return kind.text() + "_" + tokenId;
  }

  /** The whole token as it is shown once to the person who asked for it. */
  public Secret whole() {
    return Secret.of(publicPart() + "." + secret.reveal());
  }

  private static String characters(int count, RandomGenerator random) {
    char[] text = new char[count];
    for (int i = 0; i < count; i++) {
      text[i] = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
    }
    return new String(text);
  }

  private static String checksum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    long value = crc.getValue();
    char[] digits = new char[CHECKSUM_LENGTH];
    for (int i = CHECKSUM_LENGTH - 1; i >= 0; i--) {
      digits[i] = ALPHABET.charAt((int) (value % ALPHABET.length()));
      value /= ALPHABET.length();
    }
    return new String(digits);
  }
}
